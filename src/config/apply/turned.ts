import {
  getTurned,
  setTurned,
  TURNED_DISABLED,
  TURNED_LEVEL,
  TURNED_PROPAGATE,
} from "../../core/loggers/logger_node.ts";
import type { Logger } from "../../core/loggers/logger.ts";

/** What a change has set of loggers, by the bits of `getTurned`; a logger may come more than once. */
export type Turned = (readonly [logger: Logger, bits: number])[];

/** The bits for a logger that a configuration names, which enables it. */
export function bitsOf(
  { level, propagate }: { readonly level?: unknown; readonly propagate?: boolean },
): number {
  const set = (level === undefined ? 0 : TURNED_LEVEL) |
    (propagate === undefined ? 0 : TURNED_PROPAGATE);
  return set | TURNED_DISABLED;
}

/** Notes what a change from outside has set, so that what the program sets afterwards shows. */
export function noteTurned(turned: Turned): void {
  for (const [logger, bits] of turned) setTurned(logger, getTurned(logger) | bits);
}
