import { nearest } from "../../core/errors/suggest.ts";
import { bridgedBy } from "../../core/loggers/bridged.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { labelOf } from "../../wire/library_label.ts";
import type { UnknownLogger } from "../../wire/logger_notes.ts";

/** Most names of existing loggers that may have been meant. */
const MAX_KNOWN = 1000;
/**
 * Most pairs of letters that are compared for one "did you mean", which takes some milliseconds of
 * the program's thread. Senders choose the names, and may choose some of a thousand characters.
 */
const MAX_COMPARED = 1_000_000;

/** A logger that does not exist, with the existing one that may have been meant. */
export function unknownLogger(
  manager: Manager,
  logger: string,
  known: Iterable<string>,
): UnknownLogger {
  return unknownLoggers(manager, [logger], known)[0]!;
}

/** The same for several loggers, none of which exists. */
export function unknownLoggers(
  manager: Manager,
  loggers: readonly string[],
  known: Iterable<string>,
): UnknownLogger[] {
  if (loggers.length === 0) return [];
  const names = [manager.root.name];
  for (const name of known) if (names.push(name) === MAX_KNOWN) break;
  const plain = new Map(names.map((name) => [name.toLowerCase(), name]));
  // People copy `pino:http`, as `status` calls logger `http` whose lines pino writes.
  for (const logger of manager.loggers()) {
    const kind = bridgedBy(logger)?.kind;
    if (kind !== undefined) plain.set(labelOf(logger.name, kind).toLowerCase(), logger.name);
  }
  return loggers.map((logger) => {
    let left = MAX_COMPARED / loggers.length;
    const isCompared = (name: string) => (left -= name.length * logger.length) >= 0;
    const similar = plain.get(logger.toLowerCase()) ?? nearest(logger, names.filter(isCompared));
    return { logger, similar };
  });
}
