import type { Flags } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** The only word of a command line. */
export function oneWord({ words: [word, ...more] }: Flags, what: string): string {
  if (word === undefined) throw new UsageError(`Cannot go on: name ${what}`);
  if (more.length > 0) throw new UsageError(`Cannot use "${more[0]}": only ${what} is expected`);
  return word;
}

/** Refuses words where none are expected. */
export function noWords({ words: [word] }: Flags): void {
  if (word !== undefined) throw new UsageError(`Cannot use "${word}": only options are expected`);
}
