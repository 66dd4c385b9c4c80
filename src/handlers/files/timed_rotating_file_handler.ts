import { strftime } from "../../core/format/time_format.ts";
import { KEEPS_NO_RECORDS } from "../../core/handler.ts";
import type { LogRecord } from "../../core/record.ts";
import { splitPath } from "./absolute_path.ts";
import { BaseRotatingHandler, requireRotation } from "./base_rotating_handler.ts";
import { fileId, statIfExists } from "./log_file.ts";
import {
  daylightShift,
  nextDailyRollover,
  parseWhen,
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
  /** It writes before `emit` returns. */
  static override readonly [KEEPS_NO_RECORDS] = true;
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
  /** What tells old files by a part of their name. */
  extMatch: RegExp;
  /** Day of weekly rollovers, 0 for Monday. */
  dayOfWeek: number | undefined;
  /** When the next rollover is due, in seconds since the epoch. */
  rolloverAt: number;
  #rolledOverAt = 0;
  #isShared = false;

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
    // Differs from CPython: nothing is opened, and so made, before all is known to be right.
    const parsed = parseWhen(when);
    if (typeof interval !== "number" && typeof interval !== "boolean") {
      throw new TypeError(`Cannot use interval ${String(interval)}: it must be a number`);
    }
    if (parsed.isDaily) {
      checkAtTime(atTime);
    } else if (!(interval > 0)) {
      // Differs from CPython: that waits for ever in its first rollover.
      throw new RangeError(`Cannot use interval ${interval}: it must be more than 0`);
    }
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
    if (this.when !== "MIDNIGHT" && !this.when.startsWith("W")) return currentTime + this.interval;
    return nextDailyRollover(currentTime, this.dayOfWeek, this.atTime, this.utc);
  }

  /** Whether a rollover is due by the clock. */
  override shouldRollover(_record: LogRecord): boolean {
    const time = now();
    if (time < this.rolloverAt) return false;
    const info = statIfExists(this.baseFilename);
    if (info === undefined || info.isFile) return true;
    this.rolloverAt = this.computeRollover(time);
    return false;
  }

  /** Old files that are too many, the oldest first. */
  getFilesToDelete(): string[] {
    const [directory, base] = splitPath(this.baseFilename);
    // A dot at the start does not begin an extension.
    const [extension = ""] = /(?<=[^.].*)\.[^.]*$/s.exec(base) ?? [];
    const prefix = `${base.slice(0, base.length - extension.length)}.`;
    const found: string[] = [];
    for (const { name } of Deno.readDirSync(directory || ".")) {
      if (this.namer === undefined) {
        if (!name.startsWith(base)) continue;
      } else if (
        !name.startsWith(base) && name.endsWith(extension) &&
        name.length > prefix.length + 1 && !/\d/.test(name[prefix.length + 1]!)
      ) {
        continue;
      }
      if (!name.startsWith(prefix)) continue;
      const parts = name.slice(prefix.length).split(".");
      if (parts.some((part) => this.extMatch.test(part))) {
        found.push(joinPath(directory, name));
      }
    }
    return found.length < this.backupCount
      ? []
      : found.sort().slice(0, found.length - this.backupCount);
  }

  /** Puts the file aside under the name of the interval that has ended. */
  override doRollover(): void {
    this.exclusively(() => {
      const currentTime = now();
      // Differs from CPython: without a file to put aside, none of the same name is removed.
      if (!this.isNewFile) this.#putAside(currentTime);
      if (this.backupCount > 0) {
        for (const old of this.getFilesToDelete()) removeIfExists(old);
      }
      if (!this.isNewFile) this.openNext();
      this.#rolledOverAt = currentTime;
      this.rolloverAt = this.#rolloverAfter(currentTime, currentTime);
    }, false);
  }

  /** Another handler has begun the file: the next rollover is counted from there. */
  protected override adoptFile(): void {
    const info = statIfExists(this.baseFilename);
    const began = Math.max(seconds(info?.birthtime ?? info?.mtime) ?? now(), this.#rolledOverAt);
    this.#isShared = true;
    this.rolloverAt = this.#rolloverAfter(began, began);
  }

  #putAside(currentTime: number): void {
    this.closeStream();
    let began = this.rolloverAt - this.interval;
    if (!this.utc) began += daylightShift(currentTime, began);
    const stamp = strftime(this.suffix, began * 1000, this.utc);
    const aside = this.rotationFilename(`${this.baseFilename}.${stamp}`);
    if (statIfExists(aside) !== undefined) {
      // As in CPython, unless another handler may have put it there just now.
      if (this.#isShared) return;
      if (statIfExists(this.baseFilename) !== undefined) removeIfExists(aside);
    }
    this.rotate(this.baseFilename, aside);
  }

  #rolloverAfter(from: number, currentTime: number): number {
    let due = this.computeRollover(from);
    while (due <= currentTime && this.interval > 0) due += this.interval;
    const isDaily = this.when === "MIDNIGHT" || this.when.startsWith("W");
    return isDaily && !this.utc ? due + daylightShift(currentTime, due) : due;
  }
}

function checkAtTime(atTime: unknown): void {
  if (atTime === undefined || atTime === null) return;
  const { hour, minute, second } = atTime as Partial<TimeOfDay>;
  const isTime = typeof hour === "number" &&
    [minute, second].every((part) => part === undefined || typeof part === "number");
  if (!isTime) {
    throw new TypeError("Cannot use atTime: it must be an object with hour, minute and second");
  }
}

function joinPath(directory: string, name: string): string {
  return directory === "" || directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

function removeIfExists(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    // Another handler may have been faster.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Milliseconds by which a file's times may be behind the clock: the system's tick, and more. */
const FILE_TIME_LAG = 20;

function seconds(date: Date | null | undefined): number | undefined {
  if (date === null || date === undefined) return undefined;
  // A file that is begun at midnight must not seem to be of the day before.
  return Math.floor((date.getTime() + FILE_TIME_LAG) / 1000);
}
