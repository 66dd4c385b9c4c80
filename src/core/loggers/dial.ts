import { ConfigError } from "../errors/config_error.ts";
import type { Handler } from "../handlers/handler.ts";
import { reportHandlerError } from "../io/diagnostics.ts";
import { type Level, NOTSET } from "../levels/levels.ts";
import { SIGNAL } from "../levels/signal.ts";
import { type CallerSource, LogRecord, sealCaller, setFields } from "../records/log_record.ts";
import { type Fields, SharedFields } from "../records/shared_fields.ts";
import { bridgedBy, markBridged, oweLevel } from "./bridged.ts";
import { type LineBudget, takeLine } from "./line_budget.ts";
import { enterCall, filterRecord, leaveCall, showWatchers } from "./log_call.ts";
import { insideOf, type Logger } from "./logger.ts";
import { countWritten, getOpening, levelSource } from "./logger_node.ts";
import { defaultManager, type Manager } from "./manager.ts";
import { openedHandlers, type Opening } from "./opening.ts";
import type { LevelScope } from "./scope.ts";
import { readContext } from "./with_context.ts";

/** Here too, since only a module's own constant is known to a compiler. */
const WORD = SIGNAL;
/** Arguments of a call that has none. */
const NONE: readonly unknown[] = [];

/** Where another library's lines come out, if its bridge knows. */
export interface DialOptions {
  /**
   * One handler for each place, which is never given a record: its level, `opens` and text are what
   * people are told, and what openings are decided by ({@linkcode Dial.opened}). Without it, all
   * that the level lets pass is said to come out.
   */
  readonly outlets?: () => readonly Handler[];
}

/**
 * What decides on the log calls of another library, exactly as if they were a `Logger`'s: levels,
 * overrides, scopes, budgets, filters, tails and the recorder, also in the middle of a
 * computation. The lines stay the library's.
 *
 * A bridge puts a function like this in the place of each log method, and keeps the one before:
 *
 * ```text
 * function debug(this: Theirs, ...args: unknown[]) {
 *   if (dial.isOff(DEBUG)) return;                       // all that a dropped call costs
 *   if (dial.isPlain(DEBUG)) return original.apply(this, args);
 *   const { msg, fields } = readCall(args);              // as written, before it is merged
 *   if (dial.admits(DEBUG, msg, fields)) original.apply(this, args);
 *   if (dial.wants(DEBUG)) dial.passed(DEBUG, merged(msg, args), fields, errorIn(args), debug);
 *   else dial.passed(DEBUG);
 * }
 * ```
 *
 * - `admits` takes a line of a budget, so it is asked once a call, and `passed` follows it, also
 *   where it has said no: those who watch may want what the library does not write.
 * - `level` and `isEnabled` are what the library's own accessors are to say; what the program
 *   sets by them goes to `level`, and is the program's own word like `setLevel`.
 * - `start` gives the logger the level that the library has had, unless it has one already.
 * - a child with bound fields has a dial of its own, `dial.with(fields)`, made when it is first
 *   needed; one with a name or a level of its own is a logger of its own, `dialFor(…)`.
 * - `follow` is for libraries that must be told of new levels, since they cannot be made to ask.
 * - `close` gives the name free; the bridge has restored the library's properties before. What
 *   somebody has kept of the bridge's passes all from then on.
 */
export class Dial {
  /** The logger that stands for the library's in the tree. */
  readonly logger: Logger;
  readonly #manager: Manager;
  readonly #outlets: (() => readonly Handler[]) | undefined;
  readonly #unmark: () => void;
  /** Fields of all its calls. */
  readonly #bound: SharedFields | undefined;
  /** The level that the logger has been given for the library; undefined for none. */
  #own: number | undefined = undefined;
  /** Value of the signal at which the threshold was computed. */
  #seen: number;
  /** Lowest level number that is not dropped. */
  #threshold = 0;
  /** Lowest level number that somebody watches. */
  #tapLevel = Infinity;
  /** Lowest level number that is shown without a line of a budget, or a scope that opens places. */
  #plainFrom = 0;
  /** Whether it decides no more: what still asks it, such as a wrapped method, lets all pass. */
  #isClosed = false;
  /** The scope that has let the last call pass, or opens the library's places for it. */
  #scope: LevelScope | undefined = undefined;
  /** Whether the last call was let pass. */
  #isAdmitted = false;
  /** What the last call has taken a line of. */
  #lines: LineBudget | undefined = undefined;

  /** Made by {@linkcode dialFor} only. */
  constructor(
    manager: Manager,
    logger: Logger,
    unmark: () => void,
    outlets: (() => readonly Handler[]) | undefined,
    bound?: SharedFields,
  ) {
    this.logger = logger;
    this.#bound = bound;
    this.#manager = manager;
    this.#unmark = unmark;
    this.#outlets = outlets;
    this.#seen = WORD[0]! - 1;
  }

  /** Whether nobody wants a call of that level number: one comparison, as in a `Logger`. */
  isOff(levelno: number): boolean {
    if (WORD[0] !== this.#seen) this.#catchUp();
    return levelno < this.#threshold;
  }

  /** Whether a call would be handled, as far as is known without its arguments. */
  isEnabled(levelno: number): boolean {
    return this.logger.isEnabledFor(Math.round(levelno));
  }

  /**
   * Level number that counts for the logger, infinite where it drops all: of what is set, not of
   * what single calls or those who watch may want beyond it.
   */
  get level(): number {
    const level = this.logger.getEffectiveLevel();
    return this.logger.disabled ? Infinity : Math.max(level, this.#manager.disable + 1);
  }

  /** Sets the logger's own level, as the program's `setLevel` does. */
  set level(level: Level) {
    this.logger.setLevel(level);
    this.#own = this.logger.level;
    oweLevel(this.logger, undefined);
  }

  /**
   * Gives the logger the level that the library has had, unless it has one already: such as by an
   * override that is in force, and then it goes on with the library's.
   */
  start(levelno: number): void {
    if (this.logger.level === NOTSET) this.level = levelno;
    else if (this.logger.level !== this.#own) oweLevel(this.logger, levelno);
  }

  /**
   * Whether the library is to write a call: by level, scope, filters and budget. `msg` is the
   * message as it is written in the source, `fields` are the call's own.
   */
  admits(levelno: number, msg?: unknown, fields?: Fields): boolean {
    this.#scope = this.#lines = undefined;
    this.#isAdmitted = false;
    if (this.isOff(levelno)) return false;
    try {
      const { logger } = this;
      const args = fields === undefined ? NONE : [fields];
      const isShown = levelno >= insideOf.ownThreshold(logger);
      // What it opens are the library's places: without these, there is nothing to ask.
      const isAsked = !isShown ||
        this.#outlets !== undefined && levelno < insideOf.askedBelow(logger);
      const scope = isAsked ? insideOf.scopeFor(logger, levelno, msg, args) : undefined;
      if (!isShown && scope === undefined) return false;
      if (logger.filters.length > 0 && !this.#isLetThrough(levelno, msg, fields)) return false;
      const lines = takeLine(() => insideOf.linesFor(logger, levelno, scope));
      if (lines === null) return false;
      this.#scope = scope;
      this.#lines = lines;
      return this.#isAdmitted = true;
    } catch (error) {
      // Such as a record factory of the program's: the call is not to blame.
      this.#report(levelno, msg, error);
      return false;
    }
  }

  /**
   * Whether a call that is not off is to be written, and there is nothing else to it: no budget,
   * filter or watcher. Then the bridge need not read it, and neither `admits` nor `passed` is asked.
   */
  isPlain(levelno: number): boolean {
    if (this.#isClosed) return true;
    const isPlain = levelno >= this.#plainFrom && levelno < this.#tapLevel &&
      this.logger.filters.length === 0;
    if (isPlain) this.#note(levelno, true);
    return isPlain;
  }

  /** Whether somebody watches calls of a level beside the library's output. */
  wants(levelno: number): boolean {
    return !this.isOff(levelno) && levelno >= this.#tapLevel;
  }

  /**
   * Shows a call to those who watch beside the library's output, if there are any; to be called
   * after each call that is not off, once the library has written it. `msg` is the merged message,
   * undefined if there is nothing to show, and `above` the function that the program has called.
   */
  passed(
    levelno: number,
    msg?: unknown,
    fields?: Fields,
    error?: unknown,
    above?: CallerSource["above"],
  ): void {
    const lines = this.#lines;
    this.#lines = undefined;
    lines?.settle();
    this.#note(levelno, this.#isAdmitted);
    this.#isAdmitted = false;
    if (levelno < this.#tapLevel || msg === undefined) return;
    if (!enterCall()) return;
    let record: LogRecord | undefined;
    try {
      record = this.#makeRecord(levelno, msg, fields, error, above);
      showWatchers(this.#manager, record, this.logger, this.#tapLevel);
    } catch (error) {
      this.#report(levelno, msg, error);
    } finally {
      if (record !== undefined) sealCaller(record);
      leaveCall();
    }
  }

  /**
   * Of the library's places that hold the last admitted call back by their level, those that are
   * opened for it since its level was turned from outside.
   */
  opened(levelno: number): readonly Handler[] {
    const opening = this.#opening();
    if (opening === undefined || levelno < opening.from || this.#outlets === undefined) return [];
    return openedHandlers(this.#outlets(), this.logger.name, opening);
  }

  /**
   * The same for a call that is written now, and takes a line of what the opening may bring out
   * unless it has been paid for; none if no line is left.
   */
  open(levelno: number): readonly Handler[] {
    const opened = this.opened(levelno);
    if (opened.length === 0 || this.#lines !== undefined) return opened;
    const budget = this.#opening()?.budget;
    if (budget === undefined || levelno >= budget.openBeneath) return opened;
    if (!budget.lines.take()) return [];
    this.#lines = budget.lines;
    return opened;
  }

  /** What opens places for the last call. */
  #opening(): Opening | undefined {
    const scope = this.#scope;
    return scope === undefined ? getOpening(levelSource(this.logger)) : scope.opening;
  }

  /** The same for a child that has these fields bound. */
  with(fields: Fields): Dial {
    const logger = this.logger.with(fields), bound = new SharedFields(fields, this.#bound);
    return new Dial(this.#manager, logger, () => {}, this.#outlets, bound);
  }

  /**
   * Has a function called once after each change of levels, whatever logger's, as soon as the
   * thread yields; the function that is given back ends that.
   */
  follow(onTurned: () => void): () => void {
    return this.#manager.follow(onTurned);
  }

  /** Gives the name free. */
  close(): void {
    this.#isClosed = true;
    this.#unmark();
    // The library's level goes with it, so that the next one begins with its own; not what
    // somebody else has set since.
    const isFree = bridgedBy(this.logger) === undefined;
    if (isFree) oweLevel(this.logger, undefined);
    if (isFree && this.#own === this.logger.level) this.logger.setLevel(NOTSET);
    this.#manager.touch();
  }

  #catchUp(): void {
    // Read before anything else: what changes from here on is seen at the next call.
    const signal = WORD[0]!;
    if (this.#isClosed) {
      this.#threshold = -Infinity;
      this.#tapLevel = Infinity;
      this.#seen = signal;
      return;
    }
    this.#threshold = insideOf.threshold(this.logger);
    this.#tapLevel = this.#manager.tap?.levelFor(this.logger.name) ?? Infinity;
    // What is not lower than anything does not ask for a line.
    const isCounted = insideOf.linesFor(this.logger, -Infinity, undefined) !== undefined;
    const isOpened = this.#outlets !== undefined && insideOf.askedBelow(this.logger) === Infinity;
    this.#plainFrom = isCounted || isOpened ? Infinity : insideOf.ownThreshold(this.logger);
    this.#seen = signal;
  }

  /** Counts a call that is written, and tells the thread what time it is. */
  #note(levelno: number, isWritten: boolean): void {
    const created = Date.now() / 1000;
    if (isWritten) countWritten(this.logger, { levelno, created });
    this.#manager.onRecord?.(created);
  }

  /** Asks the logger's filters; what they change in a record, the library does not know. */
  #isLetThrough(levelno: number, msg: unknown, fields: Fields | undefined): boolean {
    const record = this.#makeRecord(levelno, msg, fields, undefined, undefined);
    return filterRecord(this.logger, record) !== undefined;
  }

  #makeRecord(
    levelno: number,
    msg: unknown,
    fields: Fields | undefined,
    error: unknown,
    above: CallerSource["above"] | undefined,
  ): LogRecord {
    const { logger } = this, level = Math.round(levelno);
    const source = above === undefined ? "" : { above, stacklevel: 1 };
    const record = logger.makeRecord(logger.name, level, source, 0, msg, NONE, error);
    const bound = this.#bound, context = readContext?.();
    if (fields !== undefined || bound !== undefined || context !== undefined) {
      setFields(record, context, bound, fields);
    }
    return record;
  }

  #report(levelno: number, msg: unknown, error: unknown): void {
    reportHandlerError(new LogRecord(this.logger.name, levelno, "", 0, msg), error);
  }
}

/**
 * The dial of another library's logger: `name` is its place in the tree, `kind` the library.
 *
 * @throws {ConfigError} Another library is bridged to that name, or it is the root's.
 */
export function dialFor(
  name: string,
  kind: string,
  { outlets }: DialOptions = {},
  manager: Manager = defaultManager,
): Dial {
  if (name === "" || name === manager.root.name) {
    throw new ConfigError(`Cannot bridge ${kind} to the root logger: give it a name of its own`);
  }
  const logger = manager.getNamedLogger(name);
  // Who is told of loggers is told of this one.
  manager.touch();
  return new Dial(manager, logger, markBridged(logger, kind, outlets), outlets);
}
