import { strftime } from "../../core/format/time_format.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { findDatedBackups, removeBackup } from "./backup_files.ts";
import { BaseRotatingHandler, requireRotation } from "./base_rotating_handler.ts";
import { localOffset, noOffset } from "./local_time.ts";
import { fileId, statIfExists } from "./log_file.ts";
import { parseWhen } from "./parse_when.ts";
import { requireNumber } from "./require_number.ts";
import {
  nextRollover,
  periodStart,
  type RolloverSchedule,
  type TimeOfDay,
} from "./rollover_schedule.ts";

/**
 * Begins a new file at set times, and keeps `backupCount` old ones as `app.log.2026-11-22`
 * or the like (`logging.handlers.TimedRotatingFileHandler`).
 *
 * `when` is `S`, `M`, `H` or `D` for every `interval` seconds, minutes, hours or days
 * since the file was last written to, `midnight` for every day, `W0` (Monday) to `W6` for
 * every week, the last two at `atTime` instead of midnight if that is given.
 *
 * Threads and processes may share the file, with the same settings: see
 * {@linkcode BaseRotatingHandler}. Who notices that another has put the file aside goes by
 * the new file's age from there on, so each interval has one rollover.
 *
 * @example
 * ```ts
 * import { getLogger, TimedRotatingFileHandler } from "@logdial/logging";
 *
 * getLogger().addHandler(new TimedRotatingFileHandler("app.log", "midnight", 1, 7));
 * ```
 */
export class TimedRotatingFileHandler extends BaseRotatingHandler {
  /** The argument in upper case. */
  when: string;
  /** Old files to keep; 0 for all. */
  backupCount: number;
  /** Whether times are those of Greenwich. */
  utc: boolean;
  /** Time of day of daily and weekly rollovers; undefined for midnight. */
  atTime: TimeOfDay | undefined;
  /** Seconds from one rollover to the next. */
  interval: number;
  /** strftime format of the end of old files' names. */
  suffix: string;
  /** Matches the part of old files' names that tells their time. */
  extMatch: RegExp;
  /** Day of weekly rollovers, 0 for Monday. */
  dayOfWeek: number | undefined;
  /** When the next rollover is due, in seconds since the epoch. */
  rolloverAt: number;
  #rolledOverAt = 0;
  #newest: string | undefined;

  /**
   * Opens the file to add to it.
   *
   * @throws {RangeError} An unknown `when`, in Python's words.
   * @throws {Error} The file cannot be opened, or not be renamed for want of
   * `--allow-read`.
   */
  constructor(
    filename: string | URL,
    when = "h",
    interval = 1,
    backupCount = 0,
    encoding?: string | null,
    delay = false,
    utc = false,
    atTime?: TimeOfDay | null,
    errors?: string | null,
  ) {
    // Differs from CPython: the file is opened, and so made, only when all arguments are good.
    const parsed = parseWhen(when);
    requireNumber("interval", interval);
    requireNumber("backupCount", backupCount);
    if (!(interval > 0 && interval < Infinity)) {
      // Differs from CPython: that takes it, and puts the file aside at every line.
      throw new RangeError(`Cannot use interval ${interval}: it must be more than 0, and finite`);
    }
    if (isDaily(parsed.name)) checkAtTime(atTime);
    requireRotation(filename);
    super(filename, "a", encoding, delay, errors);
    this.when = parsed.name;
    this.backupCount = backupCount;
    this.utc = Boolean(utc);
    this.atTime = atTime ?? undefined;
    this.interval = parsed.unit * Number(interval);
    this.suffix = parsed.suffix;
    this.extMatch = parsed.extMatch;
    this.dayOfWeek = parsed.dayOfWeek;
    const info = statIfExists(this.baseFilename);
    this.expectFile(info && fileId(info));
    this.rolloverAt = this.computeRollover(seconds(info?.mtime) ?? now());
  }

  /** When the first rollover after `currentTime` is due, both in seconds since the epoch. */
  computeRollover(currentTime: number): number {
    return nextRollover(currentTime, this.#schedule());
  }

  /** Whether a rollover is due by the clock, and there is something to put aside. */
  override shouldRollover(_record: LogRecord): boolean {
    const time = now();
    if (time < this.rolloverAt) return false;
    const info = statIfExists(this.baseFilename);
    // Differs from CPython: an empty file is not put aside.
    if (info === undefined || info.isFile && info.size > 0) return true;
    this.rolloverAt = this.#rolloverAfter(time);
    return false;
  }

  /** Old files that are too many, the oldest first. */
  getFilesToDelete(): string[] {
    const hasNamer = typeof this.namer === "function" ||
      this.rotationFilename !== BaseRotatingHandler.prototype.rotationFilename;
    const found = findDatedBackups({
      logFile: this.baseFilename,
      pattern: this.extMatch,
      namer: hasNamer ? (name) => this.rotationFilename(name) : undefined,
      newest: this.#newest,
    });
    return found.slice(0, Math.max(0, found.length - this.backupCount));
  }

  /**
   * Puts the file aside under the name of the interval that has ended.
   *
   * Where there is a file of that name already, as in the hour that comes twice when the clock
   * is put back, it stays as it is, and the lines of both intervals go into the next backup.
   */
  override doRollover(): void {
    this.exclusively(() => {
      const currentTime = now();
      const isPutAside = !this.isNewFile && this.mayBePutAside() && this.#putAside();
      this.#rolledOverAt = currentTime;
      this.rolloverAt = this.#rolloverAfter(currentTime);
      if (!isPutAside) return;
      this.openNext();
      // This comes last, since it may fail.
      if (this.backupCount > 0) this.getFilesToDelete().forEach(removeBackup);
    }, false);
  }

  /** The name of a backup, unless a subclass makes the rollovers. */
  protected override backupNames(): readonly string[] {
    if (this.doRollover !== TimedRotatingFileHandler.prototype.doRollover) return [];
    return [this.rotationFilename(`${this.baseFilename}.${strftime(this.suffix, 0, this.utc)}`)];
  }

  /** Counts the next rollover from the time at which another handler has begun the file. */
  protected override adoptFile(): void {
    const info = statIfExists(this.baseFilename);
    const began = Math.max(seconds(info?.birthtime ?? info?.mtime) ?? now(), this.#rolledOverAt);
    this.rolloverAt = this.#rolloverAfter(began);
  }

  /** Puts the file aside, unless that would overwrite another one. */
  #putAside(): boolean {
    const start = periodStart(this.rolloverAt, this.#schedule());
    const stamp = strftime(this.suffix, start * 1000, this.utc);
    const aside = this.rotationFilename(`${this.baseFilename}.${stamp}`);
    if (statIfExists(aside) !== undefined) return false;
    this.closeStream();
    this.rotate(this.baseFilename, aside);
    this.#newest = stamp;
    return true;
  }

  /** The next rollover, which is after `time` even if a subclass computes an earlier one. */
  #rolloverAfter(time: number): number {
    const due = this.computeRollover(time);
    if (due > time || !(this.interval > 0)) return due;
    return due + (Math.floor((time - due) / this.interval) + 1) * this.interval;
  }

  #schedule(): RolloverSchedule {
    return {
      isDaily: isDaily(this.when),
      dayOfWeek: this.dayOfWeek,
      atTime: this.atTime,
      interval: this.interval,
      offsetAt: this.utc ? noOffset : localOffset,
    };
  }
}

function isDaily(when: string): boolean {
  return when === "MIDNIGHT" || when.startsWith("W");
}

function checkAtTime(atTime: unknown): void {
  if (atTime === undefined || atTime === null) return;
  const { hour, minute = 0, second = 0 } = atTime as Partial<TimeOfDay>;
  if (isWithin(hour, 24) && isWithin(minute, 60) && isWithin(second, 60)) return;
  throw new TypeError(
    "Cannot use atTime: it must be an object with hour (0 to 23), minute and second (0 to 59)",
  );
}

function isWithin(value: unknown, end: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < end;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Milliseconds by which a file's times may be behind the clock: the system's tick, and more. */
const FILE_TIME_LAG = 20;

function seconds(date: Date | null | undefined): number | undefined {
  if (date === null || date === undefined) return undefined;
  // Without this, a file that is begun at midnight might seem to be of the day before.
  return Math.floor((date.getTime() + FILE_TIME_LAG) / 1000);
}
