import { quote } from "../errors/quote.ts";
import { cleanReport } from "../handlers/clean_report.ts";
import { getRaiseExceptions, setReportCleaner, writeDiagnostic } from "../io/diagnostics.ts";
import type { Handler } from "../handlers/handler.ts";
import { lastResortHandler } from "../handlers/last_resort.ts";
import { checkLevel, type Level, NOTSET, WARNING } from "../levels/levels.ts";
import { Logger, type LoggerClass, type LoggerContext } from "./logger.ts";
import { joinedTaps } from "./joined_taps.ts";
import type { LogRecordFactory, RecordTap } from "./tree_context.ts";
import { newSharedCounts, RecordCounts } from "./record_counts.ts";
import type { Recording } from "./recording.ts";
import { type CallerSource, LogRecord } from "../records/log_record.ts";
import { noteCopy } from "../runtime/copies.ts";
import { turnSignal } from "../levels/signal.ts";

/**
 * Stands for a logger that nobody has asked for, between others that exist.
 *
 * @example
 * ```ts
 * import { getLogger, Manager, PlaceHolder } from "@logdial/logging";
 *
 * const manager = new Manager();
 * manager.getLogger("app.db");
 * console.log(manager.loggerDict.get("app") instanceof PlaceHolder); // true
 * ```
 */
export class PlaceHolder {
  /** The loggers below it. */
  readonly loggers: Set<Logger>;

  /** Takes the first logger below it. */
  constructor(logger: Logger) {
    this.loggers = new Set([logger]);
  }
}

/**
 * One tree of loggers (`logging.Manager`); a thread has one, tests make their own.
 *
 * @example
 * ```ts
 * import { Manager } from "@logdial/logging";
 *
 * const manager = new Manager();
 * manager.getLogger("app").setLevel("DEBUG"); // not the same "app" as getLogger("app")
 * ```
 */
export class Manager implements LoggerContext {
  /** Loggers and placeholders by name; the root is not among them. */
  readonly loggerDict: Map<string, Logger | PlaceHolder> = new Map();
  /** The root of the tree. */
  readonly root: Logger;
  /** Handlers by the names that the last configuration gave them. */
  namedHandlers: Map<string, Handler> = new Map();
  /** Makes the records (`logging.setLogRecordFactory`). */
  recordFactory: LogRecordFactory = newRecord;
  /** What new loggers are made from (`logging.setLoggerClass`). */
  loggerClass: LoggerClass = Logger;
  /** Called before the program itself sets up the whole tree; set once the thread has listened. */
  onConfiguring: (() => void) | undefined = undefined;
  /** Called after the program itself has set up the whole tree. */
  onConfigured: (() => void) | undefined = undefined;
  /** Applies what waits on the thread's board; set while listening. */
  onSignal: (() => void) | undefined = undefined;
  /** Called with the time of every record, in seconds; set while listening. */
  onRecord: ((time: number) => void) | undefined = undefined;
  /** Called when other records are to be kept in memory, perhaps as before; set while listening. */
  onRecording: ((isAsBefore: boolean) => void) | undefined = undefined;
  /** The memory of {@linkcode Manager.written}, for the hub to read while the thread computes. */
  readonly counts: SharedArrayBuffer = newSharedCounts();
  /** How many records of its loggers handlers have taken. */
  readonly written: RecordCounts = new RecordCounts(undefined, this.counts);
  #recording: Recording | undefined;
  #tap: RecordTap<Logger> | undefined;
  #capture: RecordTap<Logger> | undefined;
  #joinedTap: RecordTap<Logger> | undefined;
  #lastResort: Handler | undefined | null = null;
  #disable = NOTSET;
  #catchingUp = false;
  #toldOfMissing = false;
  readonly #followers = new Set<() => void>();
  #isTelling = false;

  /** Makes a tree with a root at WARNING and no handlers. */
  constructor() {
    this.root = new Logger("root", this, WARNING);
  }

  /** Records of this level and below are dropped by every logger (`logging.disable`). */
  get disable(): number {
    return this.#disable;
  }

  set disable(level: Level) {
    this.#disable = checkLevel(level);
    this.touch();
  }

  /** Sees records beside the handlers; set while somebody watches. */
  get tap(): RecordTap<Logger> | undefined {
    return this.#joinedTap;
  }

  set tap(tap: RecordTap<Logger> | undefined) {
    this.#tap = tap;
    this.#joinTaps();
  }

  /** Sees records as well; set while a test captures them. */
  set capture(tap: RecordTap<Logger> | undefined) {
    this.#capture = tap;
    this.#joinTaps();
  }

  #joinTaps(): void {
    this.#joinedTap = joinedTaps(this.#tap, this.#capture);
    this.touch();
  }

  /** The records that configurations have asked to keep in memory. */
  get recording(): Recording | undefined {
    return this.#recording;
  }

  set recording(recording: Recording | undefined) {
    if (recording === this.#recording) return;
    this.#recording = recording;
    this.onRecording?.(false);
  }

  /**
   * Runs a function that may change {@linkcode Manager.recording} several times; `onRecording` is
   * called once, at its end. `isAsBefore` says that what is recorded then was asked for before.
   */
  settleRecording<T>(isAsBefore: boolean, act: () => T): T {
    const { recording, onRecording } = this;
    this.onRecording = undefined;
    try {
      return act();
    } finally {
      this.onRecording = onRecording;
      if (this.#recording !== recording) onRecording?.(isAsBefore);
    }
  }

  /** Handler for records that no handler was found for; undefined for none. */
  get lastResort(): Handler | undefined {
    return this.#lastResort === null ? lastResortHandler() : this.#lastResort;
  }

  set lastResort(handler: Handler | undefined) {
    this.#lastResort = handler;
  }

  /**
   * The logger of that name, made on first request; the root for none.
   *
   * @throws {TypeError} A name that is not a string.
   */
  getLogger(name?: string | null): Logger {
    if (name === undefined || name === null || name === "" || name === this.root.name) {
      return this.root;
    }
    return this.getNamedLogger(name);
  }

  /**
   * The logger of that name, made on first request, even if the root goes by it.
   *
   * @throws {TypeError} A name that is not a string.
   */
  getNamedLogger(name: string): Logger {
    if (typeof name !== "string") {
      throw new TypeError(`Cannot get logger ${quote(name)}: a logger name must be a string`);
    }
    const known = this.loggerDict.get(name);
    if (known instanceof Logger) return known;
    const logger = new this.loggerClass(name, this);
    this.loggerDict.set(name, logger);
    if (known !== undefined) adoptChildren(known, logger);
    this.#findParent(logger);
    // Differs from CPython: with two dots in a row, children may come below a level, and
    // it then goes on with the levels that it has cached.
    if (known !== undefined) this.touch();
    return logger;
  }

  /** The loggers that there are, the root first. */
  *loggers(): Generator<Logger> {
    yield this.root;
    for (const logger of this.loggerDict.values()) if (logger instanceof Logger) yield logger;
  }

  /** The loggers right below one (`logging.Logger.getChildren`). */
  childrenOf(parent: Logger): Set<Logger> {
    const below = parent === this.root ? 0 : dots(parent.name) + 1;
    const children = new Set<Logger>();
    for (const logger of this.loggers()) {
      // With a placeholder between, a grandchild hangs here too.
      if (logger.parent === parent && dots(logger.name) === below) children.add(logger);
    }
    return children;
  }

  /** Applies what waits, unless that is being done further out on the stack. */
  catchUp(apply: (() => void) | undefined = this.onSignal): void {
    if (apply === undefined || this.#catchingUp) return;
    this.#catchingUp = true;
    try {
      apply();
    } finally {
      this.#catchingUp = false;
    }
  }

  /** Makes every logger compute its threshold anew at its next call. */
  touch(): void {
    turnSignal();
    if (this.#followers.size > 0) this.#tellFollowers();
  }

  /**
   * Calls a function when thresholds may have changed, once after any number of changes; returns a
   * function that ends this.
   */
  follow(onTurned: () => void): () => void {
    const follower = () => onTurned();
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Calls the followers once the thread yields: a configuration sets one level after the other. */
  #tellFollowers(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const follower of this.#followers) follower();
    });
  }

  /** Tells on stderr that a logger has no handlers, once for the whole tree. */
  missHandlers(name: string): void {
    if (this.#toldOfMissing || !getRaiseExceptions()) return;
    this.#toldOfMissing = true;
    writeDiagnostic(`No handlers could be found for logger "${name}"\n`);
  }

  /** Links a new logger to its nearest ancestor, with placeholders for those between. */
  #findParent(logger: Logger): void {
    const { name } = logger;
    // The search goes on from `dot - 2`: CPython takes the first of two dots in a row for a letter.
    for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 2)) {
      const above = name.slice(0, dot);
      const known = this.loggerDict.get(above);
      if (known instanceof Logger) {
        logger.parent = known;
        return;
      }
      if (known === undefined) this.loggerDict.set(above, new PlaceHolder(logger));
      else known.loggers.add(logger);
    }
    logger.parent = this.root;
  }
}

/**
 * Makes records unless the program has another factory. Its parameters are written out: to spread
 * them would take longer than to make the record.
 *
 * @internal
 */
export function newRecord(
  name: string,
  level: number,
  pathname: string | CallerSource,
  lineno: number,
  msg: unknown,
  args?: readonly unknown[],
  exc_info?: unknown,
  func?: string,
  sinfo?: string,
): LogRecord {
  return new LogRecord(name, level, pathname, lineno, msg, args, exc_info, func, sinfo);
}

/** Puts a new logger between those below its placeholder and their parent. */
function adoptChildren(placeHolder: PlaceHolder, logger: Logger): void {
  for (const child of placeHolder.loggers) {
    // A logger that hangs below a nearer ancestor stays there.
    if (child.parent?.name.startsWith(logger.name)) continue;
    logger.parent = child.parent;
    child.parent = logger;
  }
}

function dots(name: string): number {
  return name.split(".").length - 1;
}

/** The thread's own tree, behind the functions that take no manager. */
export const defaultManager: Manager = new Manager();

noteCopy();
setReportCleaner((report) => cleanReport(report, defaultManager.loggers()));
