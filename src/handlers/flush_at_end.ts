/** What holds something back that must be out before the program ends. */
export interface Flushable {
  /** Lets it out; `isOver` when there is no way back. */
  flush(isOver: boolean): void;
}

/** Weak, so that what nobody uses any more can go. */
let held: WeakRef<Flushable>[] = [];
let pruneAt = 64;
let isListening = false;

/**
 * Flushes the object, if it is still alive, when the program ends: normally, by
 * `Deno.exit` or by an error that nobody catches; the last made first.
 *
 * Python does so with `atexit`. Workers are told nothing of their end.
 */
export function flushAtEnd(flushable: Flushable): void {
  held.push(new WeakRef(flushable));
  if (held.length >= pruneAt) {
    held = held.filter((ref) => ref.deref() !== undefined);
    pruneAt = Math.max(64, held.length * 2);
  }
  if (isListening) return;
  isListening = true;
  for (const event of ["unload", "error", "unhandledrejection"]) {
    globalThis.addEventListener(event, flushAll);
  }
}

function flushAll({ type }: Event): void {
  // Twice: what one lets out may go to another that was made after it.
  for (const ref of [...held.toReversed(), ...held.toReversed()]) {
    try {
      ref.deref()?.flush(type === "unload");
    } catch {
      // The program ends; the others still have to be flushed.
    }
  }
}
