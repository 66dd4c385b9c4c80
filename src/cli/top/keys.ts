/** What somebody has pressed. */
export type Key =
  /** A key that writes nothing. */
  | { readonly kind: "named"; readonly name: KeyName }
  /** A character. */
  | { readonly kind: "text"; readonly text: string }
  /** A text that was pasted: no part of it was pressed. */
  | { readonly kind: "paste"; readonly text: string };

/** Keys that write nothing. */
export type KeyName =
  | "up"
  | "down"
  | "left"
  | "right"
  | "page up"
  | "page down"
  | "home"
  | "end"
  | "enter"
  | "escape"
  | "backspace"
  | "tab"
  | "interrupt"
  | "redraw";

const CONTROLS: ReadonlyMap<string, KeyName> = new Map([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\x7f", "backspace"],
  ["\b", "backspace"],
  // Ctrl-C and Ctrl-\, which raise no signal while keys are read one by one.
  ["\x03", "interrupt"],
  ["\x1c", "interrupt"],
  ["\x0c", "redraw"],
]);

/** Keys by the end of their sequences, without the numbers that tell of Shift and the like. */
const SEQUENCES: ReadonlyMap<string, KeyName> = new Map([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["H", "home"],
  ["F", "end"],
  ["1~", "home"],
  ["7~", "home"],
  ["4~", "end"],
  ["8~", "end"],
  ["5~", "page up"],
  ["6~", "page down"],
]);

const PASTE_BEGINS = "\x1b[200~", PASTE_ENDS = "\x1b[201~";

/** Most of a pasted text that is kept. */
const MOST_PASTED = 1000;

// deno-lint-ignore no-control-regex
const SEQUENCE = /^\x1b(?:\[(\d*)[\x30-\x3f]*[\x20-\x2f]*([\x40-\x7e])|O([\x40-\x7e]))/;
// deno-lint-ignore no-control-regex
const BEGUN = /^\x1b(?:O|\[\[?|\[[\x20-\x3f]+)?$/;

/** Where a mouse clicked, by the three characters that follow, and F1 to F5 of Linux' console. */
// deno-lint-ignore no-control-regex
const ODD_SEQUENCE = /^\x1b\[(?:M[^]{3}|\[[^])/u;
// deno-lint-ignore no-control-regex
const ODD_BEGUN = /^\x1b\[M[^]{0,2}$/u;

/** What a terminal says of itself, such as its colours, is a text up to an end, and no key. */
// deno-lint-ignore no-control-regex
const REPLY = /^\x1b[\]PX^_]/;
/** What ends it, or breaks it off. */
// deno-lint-ignore no-control-regex
const REPLY_ENDS = /\x1b\\|[\x07\x18\x1a]|(?=[\x03\x1c]|\x1b[^])/;
/** The key Escape, Alt with a key that begins such a text too, or Escape in such a text. */
// deno-lint-ignore no-control-regex
const OPEN = /^\x1b(?:[\]PX^_](?:[^]*\x1b)?)?$/;

/** Makes keys of the bytes that a terminal sends. */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #text = "";

  /** Whether what has come may be the key Escape, or the beginning of another one. */
  get isOpen(): boolean {
    return OPEN.test(this.#text);
  }

  /** The keys that are whole with these bytes. */
  push(bytes: Uint8Array): Key[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.#text !== "" && this.#take(keys));
    return keys;
  }

  /** What there is when nothing has followed: that was the key Escape. */
  flush(): Key[] {
    if (!this.isOpen) return [];
    const isEscape = this.#text.length === 1;
    this.#text = "";
    return isEscape ? [{ kind: "named", name: "escape" }] : [];
  }

  /** Takes what stands first; false where the rest of it has yet to come. */
  #take(keys: Key[]): boolean {
    const text = this.#text;
    if (text.startsWith(PASTE_BEGINS)) return this.#takePaste(keys);
    if (REPLY.test(text)) return this.#takeReply();
    if (BEGUN.test(text) || ODD_BEGUN.test(text)) return false;
    if (text.startsWith("\x1b")) {
      const [all, number, last, single] = ODD_SEQUENCE.exec(text) ?? SEQUENCE.exec(text) ?? [];
      // Escape and another key at once is Alt with it, which means nothing here.
      this.#text = text.slice(all?.length ?? (text[1] === "\x1b" ? 1 : 2));
      const name = SEQUENCES.get(last === "~" ? `${number}~` : last ?? single ?? "");
      if (name !== undefined) keys.push({ kind: "named", name });
      return true;
    }
    const character = String.fromCodePoint(text.codePointAt(0)!);
    this.#text = text.slice(character.length);
    const name = CONTROLS.get(character);
    if (name !== undefined) keys.push({ kind: "named", name });
    else if (!/\p{Cc}/u.test(character)) keys.push({ kind: "text", text: character });
    return true;
  }

  /**
   * Drops what the terminal says of itself; if the end has yet to come, only the beginning is kept.
   */
  #takeReply(): boolean {
    const end = REPLY_ENDS.exec(this.#text.slice(2));
    if (end !== null) {
      this.#text = this.#text.slice(2 + end.index + end[0].length);
      return true;
    }
    const isEnding = this.#text.length > 2 && this.#text.endsWith("\x1b");
    this.#text = this.#text.slice(0, 3) + (isEnding && this.#text.length > 3 ? "\x1b" : "");
    return false;
  }

  #takePaste(keys: Key[]): boolean {
    const end = this.#text.indexOf(PASTE_ENDS);
    if (end < 0) {
      // Only the beginning of the paste is of use, but nothing up to its end is a key.
      const { length } = PASTE_ENDS;
      if (this.#text.length > 2 * MOST_PASTED) {
        this.#text = this.#text.slice(0, MOST_PASTED) + this.#text.slice(-length);
      }
      return false;
    }
    const text = this.#text.slice(PASTE_BEGINS.length, end);
    this.#text = this.#text.slice(end + PASTE_ENDS.length);
    keys.push({ kind: "paste", text });
    return true;
  }
}
