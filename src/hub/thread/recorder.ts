import type { LogRecord } from "../../core/records/log_record.ts";
import { recordTime } from "../../core/records/record_time.ts";
import { JsonFormatter } from "../../core/formatters/json_formatter.ts";
import { ERROR, getLevelName } from "../../core/levels/levels.ts";
import { Logger } from "../../core/loggers/logger.ts";
import { type Manager, newRecord } from "../../core/loggers/manager.ts";
import {
  mergeRecordings,
  NO_RECORDING,
  recordedLevel,
  type Recording,
} from "../../core/loggers/recording.ts";
import type { RecordTap } from "../../core/loggers/tree_context.ts";
import {
  isRedacted,
  type WatchedLogger,
  watchedRecord,
} from "../../core/loggers/watched_record.ts";
import { readRecordRing, RecordRing } from "../../core/shared/record_ring.ts";
import { DEFAULT_RECORD_BYTES } from "../../config/spec/recording_spec.ts";
import { toldName } from "../../wire/told_texts.ts";
import type { RecorderStatus } from "../../wire/message.ts";
import type { RecorderRings } from "../board/recorder_info.ts";
import { callLine, recordLine, refitLine, tellable } from "./record_line.ts";

/** The method that makes records, unless a class of the program's own has another one. */
const MAKE_RECORD = Logger.prototype.makeRecord;

/** Errors have this part of the bytes beside the rest, and at least so many: stacks are long. */
const ERROR_SHARE = 8, LEAST_ERROR_BYTES = 1 << 15;
/** Errors that follow each other within so many milliseconds are one burst. */
const BURST_MS = 10_000;
/** Most loggers whose levels are told. */
const MAX_TOLD = 100;

/**
 * Keeps the last records of a thread in shared memory, where the hub finds them also when the
 * thread hangs or has ended.
 *
 * Which ones is said by the program as it begins to listen, and by configurations on top of that
 * (`Manager.recording`). The rings are made when the first logger is recorded, and told to the
 * hub (`onRings`); they stay when no more is recorded, until all of it is switched off.
 */
export class Recorder implements RecordTap<Logger> {
  readonly #manager: Manager;
  readonly #own: Recording | undefined;
  readonly #onRings: () => void;
  /** Called at the first error of a burst, once that error is kept. */
  readonly #onError: ((number: number) => void) | undefined;
  /** The formatter of lines; made with the rings, which most threads never have. */
  #formatter: JsonFormatter | undefined;
  #recording: Recording = NO_RECORDING;
  #lower: RecordRing | undefined;
  #errors: RecordRing | undefined;
  #size = 0;
  #number = 0;
  #lastError = -Infinity;

  /** Keeps what `own` and the configurations of the manager ask for. */
  constructor(
    manager: Manager,
    own: Recording | undefined,
    onRings: () => void,
    onError?: (number: number) => void,
  ) {
    this.#manager = manager;
    this.#own = own;
    this.#onRings = onRings;
    this.#onError = onError;
  }

  /** Whether any logger is recorded. */
  get isOn(): boolean {
    for (const level of this.#recording.levels.values()) if (level < Infinity) return true;
    return false;
  }

  /** The rings, to be told to the hub; undefined if nothing is kept. */
  get rings(): RecorderRings | undefined {
    if (this.#lower === undefined || this.#errors === undefined) return undefined;
    return { lower: this.#lower.buffer, errors: this.#errors.buffer };
  }

  /** What `status` tells of the recorder; undefined if nothing is recorded. */
  get status(): RecorderStatus | undefined {
    if (!this.isOn) return undefined;
    // A root that is off is not told: that is so unless told otherwise.
    const told = [...this.#recording.levels].filter(([name, level]) =>
      name !== "root" || level < Infinity
    );
    const levels = told.slice(0, MAX_TOLD).map(([name, level]) => [
      toldName(name),
      level === Infinity ? "off" : toldName(getLevelName(level)),
    ]);
    return { levels: Object.fromEntries(levels), bytes: this.#size };
  }

  /** What is recorded, for people. */
  get text(): string {
    const levels = Object.entries(this.status?.levels ?? {}).map((one) => one.join("="));
    return `records ${levels.join(", ") || "nothing"}`;
  }

  /** Follows what the manager's configurations say now; `isAsBefore` after changes were taken back. */
  update(isAsBefore = false): void {
    const change = this.#manager.recording;
    this.#recording = change === undefined
      ? this.#own ?? NO_RECORDING
      : mergeRecordings(this.#own, change);
    if (this.isOn) this.#resize(this.#recording.size ?? (this.#size || DEFAULT_RECORD_BYTES));
    // If a recording has ended by itself, its records stay, for somebody to ask for them.
    else if (change?.isWhole && !isAsBefore) this.#forget();
  }

  /** Lowest level that is kept of a logger, Infinity for none. */
  levelFor(name: string): number {
    return recordedLevel(this.#recording.levels, name);
  }

  /** Keeps a record. */
  take(record: LogRecord, logger: WatchedLogger): void {
    const { levelno } = record;
    const ring = levelno < ERROR ? this.#lower : this.#errors;
    if (ring === undefined || this.#formatter === undefined) return;
    try {
      const seen = tellable(watchedRecord(record, logger));
      const line = recordLine(this.#formatter, seen, ring.maxLength);
      this.#number = (this.#number + 1) | 0;
      ring.write(levelno, recordTime(seen), this.#number, line);
    } catch {
      // A record that cannot be kept must still reach the program's own handlers.
      return;
    }
    if (levelno >= ERROR && this.#onError !== undefined) this.#noteError(this.#onError);
  }

  /**
   * Keeps a log call that nobody else is to see, without making a record of it. Returns the time, in
   * milliseconds since the epoch; 0 if the call is more than a message and has to become a record.
   */
  takePlain(logger: Logger, levelno: number, msg: unknown, args: readonly unknown[]): number {
    const ring = this.#lower;
    const isOurs = levelno < ERROR && ring !== undefined && logger.makeRecord === MAKE_RECORD &&
      this.#manager.recordFactory === newRecord && !isRedacted(logger);
    if (!isOurs) return 0;
    const line = callLine(toldName(getLevelName(levelno)), logger.name, msg, args);
    if (line === undefined || line.length > ring.maxLength) return 0;
    const now = Date.now();
    this.#number = (this.#number + 1) | 0;
    ring.write(levelno, now, this.#number, line);
    return now;
  }

  #noteError(onError: (number: number) => void): void {
    const now = performance.now();
    const isNew = now - this.#lastError > BURST_MS;
    this.#lastError = now;
    if (isNew) onError(this.#number);
  }

  /** Makes rings of so many bytes, rounded up to a power of 2, with the records of the old ones. */
  #resize(bytes: number): void {
    const size = 2 ** Math.ceil(Math.log2(bytes));
    if (size === this.#size) return;
    const [lower, errors] = [new RecordRing(size), new RecordRing(errorBytes(size))];
    const formatter = this.#formatter ??= new JsonFormatter();
    refill(lower, this.#lower, formatter);
    refill(errors, this.#errors, formatter);
    [this.#lower, this.#errors, this.#size] = [lower, errors, size];
    this.#onRings();
  }

  #forget(): void {
    if (this.#lower === undefined) return;
    [this.#lower, this.#errors, this.#size] = [undefined, undefined, 0];
    this.#onRings();
  }
}

/** Bytes for errors beside so many for the rest. */
function errorBytes(size: number): number {
  return Math.max(size / ERROR_SHARE, LEAST_ERROR_BYTES);
}

function refill(ring: RecordRing, old: RecordRing | undefined, formatter: JsonFormatter): void {
  if (old === undefined) return;
  const { records, overwritten } = readRecordRing(old.buffer);
  ring.countOverwritten(overwritten);
  const decoder = new TextDecoder();
  for (const { levelno, time, number, text } of records) {
    const line = refitLine(
      formatter,
      { line: decoder.decode(text), levelno, time },
      ring.maxLength,
    );
    ring.write(levelno, time, number, line);
  }
}
