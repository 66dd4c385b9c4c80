import type { Filterer, FilterObject } from "../core/filters/filter.ts";
import { Handler, reportFailure } from "../core/handlers/handler.ts";
import { reportHandlerError } from "../core/io/diagnostics.ts";
import { checkLevel, type Level, WARNING } from "../core/levels/levels.ts";
import { Logger } from "../core/loggers/logger.ts";
import { redactedBy } from "../core/loggers/watched_record.ts";
import { fieldsOf, type LogRecord, recordOfCall, setFields } from "../core/records/log_record.ts";

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
  /** Level from which on all records pass; undefined if each record is looked at. */
  readonly below: Level | undefined;
  readonly #below: number;
  #heldBack = 0;
  /** The place that all loggers share: a record asks the filters of one logger only. */
  #shared: Place | undefined;
  /** A place for each handler: each of them is asked, and would use up what another may pass. */
  readonly #places = new WeakMap<Handler, Place>();
  /** The logger or handler that has asked last. */
  #last: Filterer | undefined;
  #lastPlace: Place | undefined;
  #isTelling = false;

  /** Takes the level from which on all records pass. */
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
    const place = this.#placeOf(where);
    const passes = record.levelno >= this.#below || this.passes(record, place.state);
    if (!passes) {
      this.#heldBack++;
      place.heldBack++;
      // A clock that is set back begins anew.
      if (!(place.since <= record.created)) place.since = record.created;
    }
    if (record.created - place.since >= REPORT_EVERY) this.#tell(record, place, where);
    return passes;
  }

  /** Makes the state to begin with, for the loggers or for a handler. */
  protected abstract begin(): object;

  /** Whether a record that may be held back is let through. */
  protected abstract passes(record: LogRecord, state: object): boolean;

  /** The filter's name in its reports, such as `RateFilter held back 120 records in 60 s`. */
  protected abstract readonly what: string;

  #placeOf(where: Filterer | undefined): Place {
    if (this.#lastPlace !== undefined && where === this.#last) return this.#lastPlace;
    let place = where instanceof Handler ? this.#places.get(where) : this.#shared;
    if (place === undefined) {
      place = { state: this.begin(), heldBack: 0, since: NaN };
      if (where instanceof Handler) this.#places.set(where, place);
      else this.#shared = place;
    }
    this.#last = where;
    return this.#lastPlace = place;
  }

  #tell(record: LogRecord, place: Place, where: Filterer | undefined): void {
    if (where === undefined) return;
    const { heldBack } = place;
    const seconds = Math.round(record.created - place.since);
    place.heldBack = 0;
    place.since = NaN;
    const level = Math.max(WARNING, where instanceof Handler ? where.level : WARNING);
    const note = recordOfCall(record, level, NOTE, [this.what, heldBack, seconds]);
    // A format may name fields of the context, without which the line could not be written.
    const { context, bound } = fieldsOf(record);
    setFields(note, context, bound, { heldBack });
    this.#isTelling = true;
    try {
      hand(note, where);
    } finally {
      this.#isTelling = false;
    }
  }
}

/** What the filter knows of the loggers, or of one handler, that ask it. */
interface Place {
  readonly state: object;
  /** How many records were held back since the last report. */
  heldBack: number;
  /** When the first of these came, in seconds since the epoch; `NaN` if none came. */
  since: number;
}

const NOTE = "%s held back %d records in %d s";

function hand(note: LogRecord, where: Filterer): void {
  try {
    // The note passes no filters, so what those behind this one would take out of its fields is
    // taken out here.
    const clean = redactedBy(where.filters, note);
    if (where instanceof Handler) where.emit(clean);
    else if (where instanceof Logger) where.callHandlers(clean);
  } catch (error) {
    if (where instanceof Handler) reportFailure(where, note, error);
    else reportHandlerError(note, error);
  }
}
