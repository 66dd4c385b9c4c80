import { ConfigError } from "../errors/config_error.ts";
import { Handler } from "../handlers/handler.ts";
import type { Logger } from "./logger.ts";

/** What stands behind a logger whose lines another library writes. */
export interface Bridged {
  /** Name of the library. */
  readonly kind: string;
  /** Where the library's lines come out. */
  readonly outlets: () => readonly Handler[];
}

/** Bridged loggers, with how many bridges each has. */
const BRIDGED = new WeakMap<Logger, Bridged & { count: number }>();

/** Levels of libraries that their loggers have not been given, since they had one. */
const OWED = new WeakMap<Logger, number>();

/** What a library writes to, as far as it is known: all that its logger lets pass. */
class LibraryOutput extends Handler {
  constructor(kind: string) {
    super();
    this.name = kind;
  }

  emit(): void {}

  override toString(): string {
    return `the output of ${this.name} ()`;
  }
}

/**
 * Says that a library writes the lines of a logger; the function that is given back takes that back.
 *
 * @throws {ConfigError} Another library does.
 */
export function markBridged(
  logger: Logger,
  kind: string,
  outlets?: () => readonly Handler[],
): () => void {
  const known = BRIDGED.get(logger);
  if (known !== undefined && known.kind !== kind) {
    throw new ConfigError(
      `Cannot bridge ${kind} to logger "${logger.name}": ${known.kind} is, give another name`,
    );
  }
  const output = [new LibraryOutput(kind)];
  const bridged = known ?? { kind, outlets: outlets ?? (() => output), count: 0 };
  bridged.count++;
  BRIDGED.set(logger, bridged);
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    if (--bridged.count === 0) BRIDGED.delete(logger);
  };
}

/**
 * Notes which level a logger is to have once the one that it has is taken back; undefined for that
 * of its parent, as others.
 */
export function oweLevel(logger: Logger, level: number | undefined): void {
  if (level === undefined) OWED.delete(logger);
  else OWED.set(logger, level);
}

/** The level that a logger is to have where it would have none. */
export function owedLevel(logger: Logger): number | undefined {
  return OWED.get(logger);
}

/** The library that writes a logger's lines; undefined for logdial itself. */
export function bridgedBy(logger: Logger): Bridged | undefined {
  return BRIDGED.get(logger);
}

/** Where the lines of all those come out that are among these loggers. */
export function outletsOf(loggers: Iterable<Logger>): Handler[] {
  return [...loggers].flatMap((logger) => bridgedBy(logger)?.outlets() ?? []);
}
