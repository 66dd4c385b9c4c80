import type { Filterer, FilterObject } from "../core/filters/filter.ts";
import { Handler, reportFailure } from "../core/handlers/handler.ts";
import { reportHandlerError } from "../core/io/diagnostics.ts";
import { checkLevel, type Level, WARNING } from "../core/levels/levels.ts";
import { Logger } from "../core/loggers/logger.ts";
import { type LogRecord, recordOfCall, setFields } from "../core/records/log_record.ts";

/** Seconds between two reports of what was held back. */
const REPORT_EVERY = 60;

/**
 * Holds back records of which there are too many, counts them, and says once a minute how many
 * there were: with the next record that comes, since a timer would keep the program from ending.
 *
 * What it says goes where the records would have gone: to the handler that it is on, or to the
 * handlers of its logger.
 *
 * @internal
 */
export abstract class FloodFilter implements FilterObject {
  /** Level number from which on all records pass, undefined if none do without being looked at. */
  readonly below: Level | undefined;
  readonly #below: number;
  #heldBack = 0;
  #told = 0;
  /** When something was held back that is not told yet, in seconds. */
  #since = NaN;
  #isTelling = false;

  /** Takes the level of those that always pass. */
  constructor(below: Level | undefined) {
    this.below = below;
    this.#below = below === undefined ? Infinity : checkLevel(below);
  }

  /** How many records it has held back. */
  get heldBack(): number {
    return this.#heldBack;
  }

  /** Whether a record may pass; `where` is the logger or handler that asks. */
  filter(record: LogRecord, where?: Filterer): boolean {
    if (this.#isTelling) return true;
    const passes = record.levelno >= this.#below || this.passes(record);
    if (!passes) {
      this.#heldBack++;
      if (Number.isNaN(this.#since)) this.#since = record.created;
    }
    if (record.created - this.#since >= REPORT_EVERY) this.#tell(record, where);
    return passes;
  }

  /** Whether a record that may be held back is let through. */
  protected abstract passes(record: LogRecord): boolean;

  /** What is counted: `held back 120 records`. */
  protected abstract readonly what: string;

  #tell(record: LogRecord, where: Filterer | undefined): void {
    if (where === undefined) return;
    const heldBack = this.#heldBack - this.#told;
    const seconds = Math.round(record.created - this.#since);
    this.#told = this.#heldBack;
    this.#since = NaN;
    const level = Math.max(WARNING, where instanceof Handler ? where.level : WARNING);
    const note = recordOfCall(record, level, NOTE, [this.what, heldBack, seconds]);
    setFields(note, undefined, undefined, { heldBack });
    this.#isTelling = true;
    try {
      hand(note, where);
    } finally {
      this.#isTelling = false;
    }
  }
}

const NOTE = "%s held back %d records in %d s";

function hand(note: LogRecord, where: Filterer): void {
  try {
    if (where instanceof Handler) where.emit(note);
    else if (where instanceof Logger) where.callHandlers(note);
  } catch (error) {
    if (where instanceof Handler) reportFailure(where, note, error);
    else reportHandlerError(note, error);
  }
}
