import {
  checkOptions,
  isFilledText,
  isWholeNumber,
  type OptionRules,
} from "../../core/errors/check_options.ts";
import { isLevel } from "../../filters/flood_options.ts";
import { deliver, Handler } from "../../core/handlers/handler.ts";
import { checkLevel, ERROR, getLevelName, INFO, type Level } from "../../core/levels/levels.ts";
import { fieldAt, fieldNamed } from "../../core/records/field_at.ts";
import {
  fieldsOf,
  type LogRecord,
  recordOfCall,
  setFields,
} from "../../core/records/log_record.ts";
import { handPaid, type Price, priceOf } from "../../core/loggers/line_budget.ts";
import type { Fields } from "../../core/records/shared_fields.ts";

/**
 * Options of {@linkcode FingersCrossedHandler}.
 *
 * @example
 * ```ts
 * import {
 *   FingersCrossedHandler,
 *   type FingersCrossedHandlerOptions,
 *   StreamHandler,
 * } from "@logdial/logging";
 *
 * const options: FingersCrossedHandlerOptions = { target: new StreamHandler(), by: "requestId" };
 * const handler = new FingersCrossedHandler(options);
 * ```
 */
export interface FingersCrossedHandlerOptions {
  /** Writes the records. */
  target?: Handler | null;
  /** Level from which on a record lets out what is kept. @default "ERROR" */
  flushLevel?: Level;
  /** Level from which on records are written at once; those below are kept. @default "INFO" */
  passLevel?: Level;
  /** A field, such as `requestId`: records are kept by its values. @default all records together */
  by?: string;
  /** Most records that are kept for one value; of more, the first are dropped. @default 100 */
  capacity?: number;
  /** Most values for which records are kept; of more, those used longest ago go. @default 1000 */
  values?: number;
}

/** Largest `capacity` and `values` that may be asked for. */
const MOST_CAPACITY = 10_000, MOST_VALUES = 10_000;

const OPTION_RULES: OptionRules<FingersCrossedHandlerOptions> = {
  target: (value) => value === null || value instanceof Handler ? undefined : "a handler",
  flushLevel: isLevel,
  passLevel: isLevel,
  by: isFilledText,
  capacity: isWholeNumber(1, MOST_CAPACITY),
  values: isWholeNumber(1, MOST_VALUES),
};

/** The records that are kept for one value. */
interface Kept {
  records: LogRecord[];
  /** How many records did not fit. */
  lost: number;
  /** Whether there has been an error, after which all is written. */
  isOpen: boolean;
}

/**
 * Keeps records below `passLevel`, and writes them only if one of `flushLevel` comes: DEBUG of
 * the requests that fail, and of no others. With `by` they are kept for each value of a field,
 * such as a request's id of `withContext`; from its error on, all of that request is written. Records
 * below `passLevel` that do not have the field, or have null there, are dropped.
 *
 * Kept records come out after the lines that were written meanwhile, each with its own time.
 *
 * Known as `logdial.FingersCrossedHandler`.
 *
 * @example
 * ```ts
 * import {
 *   FingersCrossedHandler,
 *   getLogger,
 *   stdout,
 *   StreamHandler,
 *   withContext,
 * } from "@logdial/logging";
 *
 * const target = new StreamHandler(stdout);
 * const log = getLogger("app");
 * log.setLevel("DEBUG");
 * log.addHandler(new FingersCrossedHandler({ target, by: "requestId" }));
 * for (const requestId of ["a", "b"]) {
 *   withContext({ requestId }, () => {
 *     log.debug("query of %s", requestId);
 *     if (requestId === "b") log.error("failed"); // query of b, failed
 *   });
 * }
 * ```
 */
export class FingersCrossedHandler extends Handler {
  /** Gets the records. */
  target: Handler | undefined;
  /** Level number that lets out what is kept. */
  readonly flushLevel: number;
  /** Level number of what is written at once. */
  readonly passLevel: number;
  /** The field by whose values records are kept. */
  readonly by: string | undefined;
  /** Most records that are kept for one value of the field. */
  readonly capacity: number;
  /** Most values of the field for which records are kept. */
  readonly values: number;
  readonly #kept = new Map<unknown, Kept>();
  /** What kept records cost when they come out; most cost nothing. */
  readonly #prices = new WeakMap<LogRecord, Price>();
  /** The last record, if it was not written. */
  #unwritten: LogRecord | undefined = undefined;

  /**
   * Takes the target that writes the records, and which ones are kept for how long.
   *
   * @throws {TypeError} An unknown option, or one of another type.
   * @throws {RangeError} A number that is out of range.
   */
  constructor(options: FingersCrossedHandlerOptions = {}) {
    checkOptions("FingersCrossedHandler", options, OPTION_RULES);
    super();
    const { target, flushLevel = ERROR, passLevel = INFO, by, capacity = 100, values = 1000 } =
      options;
    this.target = target ?? undefined;
    this.flushLevel = checkLevel(flushLevel);
    this.passLevel = checkLevel(passLevel);
    this.by = by;
    this.capacity = capacity;
    this.values = values;
  }

  /** `it has no target` */
  override get silence(): string | undefined {
    return this.target === undefined ? "it has no target" : this.target.silence;
  }

  /**
   * The target gets only records of its level.
   *
   * @internal
   */
  get respectsLevels(): boolean {
    return true;
  }

  /** Sets the handler that gets the records. */
  setTarget(target: Handler | undefined): void {
    this.target = target;
  }

  /**
   * Takes the record. Returns false as well if the record has cost a line of a change and is only
   * kept, since it may never come out: it costs that line when it does.
   */
  override handle(record: LogRecord): LogRecord | boolean {
    const passed = super.handle(record);
    if (typeof passed === "boolean" || this.#unwritten !== passed) return passed;
    const price = priceOf(record);
    if (price === undefined) return passed;
    this.#prices.set(passed, price);
    return false;
  }

  /** Writes the record, or keeps it. */
  emit(record: LogRecord): void {
    const isWritten = this.#take(record);
    this.#unwritten = isWritten ? undefined : record;
  }

  /** Returns whether the record is written. */
  #take(record: LogRecord): boolean {
    const { target } = this;
    if (target === undefined) return false;
    const value = this.by === undefined ? undefined : fieldAt(record, this.by);
    // A record that belongs to no request waits for no request's error, nor for those of its like.
    const isOwn = this.by === undefined || value !== undefined && value !== null;
    const kept = isOwn ? this.#keptFor(value) : undefined;
    const letsOut = record.levelno >= this.flushLevel;
    if (letsOut && kept !== undefined) this.#letOut(kept, target, record);
    const isWritten = letsOut || record.levelno >= this.passLevel || kept?.isOpen === true;
    if (isWritten) return this.#hand(target, record);
    if (kept !== undefined) this.#keep(kept, target, record);
    return false;
  }

  /** Drops the records that are kept, since nothing has failed. */
  override close(): void {
    this.#kept.clear();
    this.#unwritten = undefined;
    this.target = undefined;
    super.close();
  }

  /** Flushes the target, and returns its promise if it is asynchronous; kept records stay kept. */
  override flush(): void {
    return this.target?.flush();
  }

  #keptFor(value: unknown): Kept {
    let kept = this.#kept.get(value);
    if (kept !== undefined) {
      // The value moves to the end of the map, as the one used last.
      this.#kept.delete(value);
    } else {
      if (this.#kept.size >= this.values) this.#kept.delete(this.#kept.keys().next().value);
      kept = { records: [], lost: 0, isOpen: false };
    }
    this.#kept.set(value, kept);
    return kept;
  }

  #keep(kept: Kept, target: Handler, record: LogRecord): void {
    // The caller cannot be found later.
    resolveCallerFor(target, record);
    kept.records.push(record);
    if (kept.records.length <= this.capacity) return;
    kept.records.shift();
    kept.lost++;
  }

  #letOut(kept: Kept, target: Handler, failed: LogRecord): void {
    const { records, lost } = kept;
    kept.records = [];
    kept.lost = 0;
    kept.isOpen = this.by !== undefined;
    if (lost > 0) {
      const args = [lost, getLevelName(this.passLevel)];
      const note = recordOfCall(failed, this.flushLevel, LOST, args);
      // A format may name the request's fields.
      const { context, bound } = fieldsOf(failed);
      setFields(note, context, bound, this.#fieldOf(failed));
      this.#hand(target, note);
    }
    this.#handKept(target, records);
  }

  /** Hands on what was kept; of what comes out thanks to a change for so many lines, those left. */
  #handKept(target: Handler, records: readonly LogRecord[]): void {
    for (const record of records) {
      const price = this.#prices.get(record);
      if (price === undefined || price.isPaid) {
        this.#hand(target, record);
      } else if (price.lines.take()) {
        // Another handler that has kept it as well need not pay again.
        price.isPaid = handPaid(record, price.lines, () => this.#hand(target, record));
      }
    }
  }

  /** The field by whose values records are kept; of `user.id` that is `user`. */
  #fieldOf(record: LogRecord): Fields | undefined {
    if (this.by === undefined) return undefined;
    const value = fieldNamed(record, this.by);
    if (value !== undefined) return { [this.by]: value };
    const [name] = this.by.split(".");
    return { [name!]: fieldNamed(record, name!) };
  }

  /** Returns whether the target has taken the record. */
  #hand(target: Handler, record: LogRecord): boolean {
    if (record.levelno < target.level) return false;
    resolveCallerFor(target, record);
    return deliver(target, record);
  }
}

/** Looks the caller up if the target needs it, which costs time and few formats do. */
function resolveCallerFor({ keepsRecords, formatter }: Handler, record: LogRecord): void {
  if (keepsRecords || formatter?.usesCaller === true) record.resolveCaller();
}

const LOST = "%d earlier records below %s were let go of: there were too many";
