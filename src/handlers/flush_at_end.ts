import { atProgramEnd } from "../core/runtime/at_program_end.ts";
import { getRaiseExceptions, writeDiagnostic } from "../core/io/diagnostics.ts";
import { onRejection } from "../core/values/on_rejection.ts";
import { thrownText } from "../core/values/thrown.ts";

/** Something that holds back what has to be out before the program ends. */
export interface Flushable {
  /** Lets it out; `isOver` if the program certainly ends. */
  flush(isOver: boolean): void;
  /** Whether it is flushed at the end without being asked to. @default true */
  readonly flushOnClose?: boolean;
}

/** What is flushed at the end; held weakly, so that unused objects can be collected. */
let held: WeakRef<Flushable>[] = [];
/** The objects that are held: one that asks again, as a restarted listener does, is held once. */
const known = new WeakSet<Flushable>();
let pruneAt = 64;
let isListening = false;
let isProgramOver = false;

/** Whether the program is ending, so that nothing may be held back: its own listeners may still log. */
export function isDueAtEnd({ flushOnClose }: Flushable): boolean {
  return isProgramOver && flushOnClose !== false;
}

/**
 * Flushes the object, if it is still alive, when the program ends: normally, by
 * `Deno.exit` or by an error that nobody catches; the last made first.
 *
 * Python does so with `atexit`. Workers are told nothing of their end.
 */
export function flushAtEnd(flushable: Flushable): void {
  if (known.has(flushable)) return;
  known.add(flushable);
  held.push(new WeakRef(flushable));
  if (held.length >= pruneAt) {
    held = held.filter((ref) => ref.deref() !== undefined);
    pruneAt = Math.max(64, held.length * 2);
  }
  if (isListening) return;
  isListening = true;
  atProgramEnd(flushAll);
}

function flushAll({ type }: Event): void {
  isProgramOver ||= type === "unload";
  // All are flushed twice: what one lets out may go to another that was made after it.
  for (const ref of [...held.toReversed(), ...held.toReversed()]) {
    try {
      const flushable = ref.deref();
      if (flushable === undefined || flushable.flushOnClose === false) continue;
      // Nobody awaits the result any more; its rejection must not begin all this again.
      onRejection(flushable.flush(type === "unload"), tell);
    } catch (error) {
      tell(error);
    }
  }
}

/** Tells an error on stderr, since the program ends and the others still have to be flushed. */
function tell(error: unknown): void {
  if (!getRaiseExceptions()) return;
  writeDiagnostic(`logdial: cannot write out what is held back: ${thrownText(error)}\n`);
}
