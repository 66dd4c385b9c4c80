import type { Key } from "./keys.ts";

/** A terminal repeats a held key every 30 ms or so; nobody means two presses that are so near. */
const REPEAT_MS = 100;

/** Tells keys that are pressed from one that is held down, which would change or take back a lot. */
export class HeldKey {
  #text = "";
  #at = -Infinity;

  /** Whether a key that is read now is the one before, held down. */
  isHeld(key: Key, now: number = performance.now()): boolean {
    const text = key.kind === "text" ? key.text : "";
    const isHeld = text !== "" && text === this.#text && now - this.#at < REPEAT_MS;
    this.#text = text;
    this.#at = now;
    return isHeld;
  }
}
