import { mayFilter } from "../filters/filter.ts";
import type { Handler } from "../handlers/handler.ts";
import { reportHandlerError } from "../io/diagnostics.ts";
import { checkLevel, type Level, NOTSET } from "../levels/levels.ts";
import { SIGNAL } from "../levels/signal.ts";
import { type CallerSource, LogRecord, sealCaller, setFields } from "../records/log_record.ts";
import { type Fields, SharedFields } from "../records/shared_fields.ts";
import { addWord, changeWord, type LevelWord, removeWord, wordInForce } from "./bridged.ts";
import { type LineBudget, takeLine } from "./line_budget.ts";
import { enterCall, filterRecord, leaveCall, showWatchers } from "./log_call.ts";
import { insideOf, type Logger } from "./logger.ts";
import { countWritten, getOpening, levelSource } from "./logger_node.ts";
import type { Manager } from "./manager.ts";
import { openedHandlers, type Opening } from "./opening.ts";
import { HANDLED, type LevelScope, WATCHED } from "./scope.ts";
import { watchedValues } from "./watched_record.ts";
import { readContext } from "./with_context.ts";

/** The signal again: V8 compiles a constant of the same module better than an imported one. */
const WORD = SIGNAL;
/** Arguments of a call that has none. */
const NONE: readonly unknown[] = [];

/** Options of a dial: where the library's lines come out, if its bridge knows. */
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
 *   if (!dial.wants(DEBUG)) return dial.passed(DEBUG);
 *   const said = Object.values(dial.watched({ ...args })); // secrets are not merged to the message
 *   dial.passed(DEBUG, merged(msg, said), fields, errorIn(args), debug);
 * }
 * ```
 *
 * - `admits` takes a line of a budget, so it is asked once a call, and `passed` follows it, also
 *   where it has said no: those who watch may want what the library does not write.
 * - where outlets are known, `wrote` follows `isPlain`, and `heldBack` an admitted call that none of
 *   them takes.
 * - `level` and `isEnabled` are what the library's own accessors are to say; what the program
 *   sets by them goes to `level`, and is the program's own word like `setLevel`.
 * - `start` says which level the library has had: the logger gets it, unless it has one already, or
 *   others of its name have said another. Then each keeps its own until somebody turns the logger.
 * - a child with bound fields has a dial of its own, `dial.with(fields)`, made when it is first
 *   needed; one with a name or a level of its own is a logger of its own, `dialIfFree(…)`, or
 *   `dial.fixed(level)` where that is another library's, or there are too many.
 * - `follow` is for libraries that must be told of new levels, since they cannot be made to ask.
 * - `close` frees the name; the bridge has restored the library's properties before. Wrapped methods
 *   that somebody has kept pass all calls from then on.
 */
export class Dial {
  /** The logger that stands for the library's in the tree. */
  readonly logger: Logger;
  readonly #manager: Manager;
  readonly #outlets: (() => readonly Handler[]) | undefined;
  readonly #unmark: () => void;
  /** Fields of all its calls. */
  readonly #bound: SharedFields | undefined;
  /** The level that the library's logger has. */
  readonly #word: LevelWord;
  /** Value of the signal at which the threshold was computed. */
  #seen: number;
  /** Lowest level number that is not dropped. */
  #threshold = 0;
  /** Lowest level number that is shown without a scope. */
  #shownFrom = 0;
  /** Whether {@linkcode #shownFrom} is the library's own level, and not that of the logger. */
  #isByWord = false;
  /** Lowest level number that somebody watches. */
  #tapLevel = Infinity;
  /** Lowest level number that needs neither a line of a budget nor a scope that opens places. */
  #plainFrom = 0;
  /** Whether {@linkcode Dial.start} has been called. */
  #hasStarted = false;
  /** Whether it is closed: a wrapped method that still asks it lets all calls pass. */
  #isClosed = false;
  /** The scope that has let the last call pass, or opens the library's places for it. */
  #scope: LevelScope | undefined = undefined;
  /** Whether the last call was let pass. */
  #isAdmitted = false;
  /** The budget of which the last call has taken a line; undefined if it has taken none. */
  #lines: LineBudget | undefined = undefined;

  /** Made by `bridge/dial_for` and the like only. */
  constructor(
    manager: Manager,
    logger: Logger,
    unmark: () => void,
    outlets: (() => readonly Handler[]) | undefined,
    word: LevelWord,
    bound?: SharedFields,
  ) {
    this.logger = logger;
    this.#word = word;
    this.#bound = bound;
    this.#manager = manager;
    this.#unmark = unmark;
    this.#outlets = outlets;
    this.#seen = WORD[0]! - 1;
  }

  /** Whether nobody wants a call of that level number; costs one comparison, as in a `Logger`. */
  isOff(levelno: number): boolean {
    if (WORD[0] !== this.#seen) this.#catchUp();
    return levelno < this.#threshold;
  }

  /** Whether a call would be handled, as far as is known without its arguments. */
  isEnabled(levelno: number): boolean {
    if (this.isOff(levelno)) return false;
    if (!this.#isByWord) return this.logger.isEnabledFor(Math.round(levelno));
    return levelno >= Math.min(this.#shownFrom, this.#tapLevel) ||
      insideOf.mayPass(this.logger, levelno, undefined);
  }

  /**
   * Level number that counts for the library's logger, Infinity if all is dropped. It is that of the
   * levels that are set; scopes and watchers may want single calls below it.
   */
  get level(): number {
    const inTree = this.logger.getEffectiveLevel();
    const level = wordInForce(this.#word) ?? inTree;
    return this.logger.disabled ? Infinity : Math.max(level, this.#manager.disable + 1);
  }

  /** Sets the level as the program does by its library: the logger's own, as by `setLevel`. */
  set level(level: Level) {
    changeWord(this.#word, checkLevel(level));
    this.#manager.touch();
  }

  /** Whether somebody has turned the logger, so that the library's own level counts no more. */
  get isTurned(): boolean {
    return wordInForce(this.#word) === undefined;
  }

  /**
   * Says which level the library has had, NOTSET for that of `above`: the logger gets it unless it
   * has one already, such as by an override that is in force, and then it goes on with the library's.
   */
  start(levelno: number, above?: Dial): void {
    const word = this.#word;
    if (word.isFixed) return;
    if (!this.#hasStarted) {
      word.level = levelno;
      word.above = above === undefined ? undefined : above.#word;
      this.#hasStarted = true;
    }
    addWord(word);
    this.#manager.touch();
  }

  /** Says that the library has changed its level itself: that counts unless the logger is turned. */
  restart(levelno: number): void {
    this.#word.level = levelno;
    addWord(this.#word);
    this.#manager.touch();
  }

  /** Takes back the level that `start` has said, once nobody asks this dial any more. */
  leave(): void {
    removeWord(this.#word);
    this.#manager.touch();
  }

  /**
   * Whether the library is to write a call: by level, scope, filters and budget. `msg` is the
   * message as it is written in the source, `fields` are the call's own.
   */
  admits(levelno: number, msg?: unknown, fields?: Fields): boolean {
    const unsettled = this.#lines;
    this.#scope = this.#lines = undefined;
    this.#isAdmitted = false;
    // This settles the call around this one, such as a call whose line is just being written.
    unsettled?.settle();
    if (this.isOff(levelno)) return false;
    try {
      const { logger } = this;
      const args = fields === undefined ? NONE : [fields];
      const isShown = levelno >= this.#shownFrom && !insideOf.isAsked(logger);
      // A scope may open the library's places: without any, there is nothing to open.
      const asks = !isShown ||
        this.#outlets !== undefined && levelno < insideOf.askedBelow(logger);
      const found = asks ? insideOf.scopeFor(logger, levelno, msg, args) : undefined;
      if (!isShown && (found === undefined || found === WATCHED)) return false;
      const scope = found === HANDLED ? undefined : found;
      if (mayFilter(logger) && !this.#isLetThrough(levelno, msg, fields)) return false;
      const lines = takeLine(() => this.#linesFor(levelno, scope));
      if (lines === null) return false;
      this.#scope = scope;
      this.#lines = lines;
      return this.#isAdmitted = true;
    } catch (error) {
      // A record factory of the program's own may throw, for which the call is not to blame.
      this.#report(levelno, msg, error);
      return false;
    }
  }

  /**
   * Whether a call that is not off is to be written without more ado: no budget, scope, filter or
   * watcher wants to see it. Then the bridge need not read it, nor ask `admits` and `passed`. With
   * `isUnsure` it says itself, by `wrote`, whether the library has written it.
   */
  isPlain(levelno: number, isUnsure = false): boolean {
    if (this.#isClosed) return true;
    const isPlain = levelno >= this.#plainFrom && levelno < this.#tapLevel &&
      !mayFilter(this.logger);
    // Where the library's places are known, they say whether they have taken it.
    if (isPlain && !isUnsure && this.#outlets === undefined) this.#note(levelno, true);
    return isPlain;
  }

  /** Says of a plain call whether the library has written it, where that is not taken for granted. */
  wrote(levelno: number, isTaken: boolean): void {
    if (!this.#isClosed) this.#note(levelno, isTaken);
  }

  /** Says that no place of the library takes the admitted call: it costs no line, and is not written. */
  heldBack(): void {
    this.#isAdmitted = false;
    this.#lines?.giveBack?.();
  }

  /** Whether somebody watches calls of a level beside the library's output. */
  wants(levelno: number): boolean {
    return !this.isOff(levelno) && levelno >= this.#tapLevel;
  }

  /**
   * Values by name of a call that somebody wants, without what no watcher may see: for a text that
   * the bridge makes of them, in which the paths of a redaction find nothing.
   */
  watched(values: Fields): Fields {
    try {
      return watchedValues(values, this.logger.name, this.logger);
    } catch (error) {
      this.#report(NOTSET, "", error);
      return {};
    }
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
   * The places of the library that would hold the last admitted call back by their level, but are
   * opened for it, since its level was turned from outside.
   */
  opened(levelno: number): readonly Handler[] {
    const opening = this.#opening();
    if (opening === undefined || levelno < opening.from || this.#outlets === undefined) return [];
    return openedHandlers(this.#outlets(), this.logger.name, opening);
  }

  /**
   * As {@linkcode Dial.opened}, for a call that is written now: it takes a line of the opening's
   * budget unless the call has paid already. No places if no line is left.
   */
  open(levelno: number): readonly Handler[] {
    const opened = this.opened(levelno);
    return opened.length === 0 || this.pays(levelno) ? opened : [];
  }

  /** Takes a line of the opening's budget, if the call needs one; false if none is left. */
  pays(levelno: number): boolean {
    if (this.#lines !== undefined) return true;
    const budget = this.#opening()?.budget;
    if (budget === undefined || levelno >= budget.openBeneath) return true;
    if (!budget.lines.take()) return false;
    this.#lines = budget.lines;
    return true;
  }

  /** The dial for a child of the library's logger that has these fields bound. */
  with(fields: Fields): Dial {
    const logger = this.logger.with(fields), bound = new SharedFields(fields, this.#bound);
    return new Dial(this.#manager, logger, () => {}, this.#outlets, this.#word, bound);
  }

  /**
   * The dial for a part of the library that cannot have a logger of its own in the tree. The level
   * that the library gives it counts even if the logger is turned; with NOTSET it follows this dial.
   */
  fixed(levelno: number): Dial {
    const { logger } = this.#word;
    const word = { logger, level: levelno, above: this.#word, isFixed: true };
    return new Dial(this.#manager, logger, () => {}, this.#outlets, word);
  }

  /**
   * Calls a function after levels of any loggers have changed, once the thread yields; returns a
   * function that ends this.
   */
  follow(onTurned: () => void): () => void {
    return this.#manager.follow(onTurned);
  }

  /** Frees the name for another library. */
  close(): void {
    this.#isClosed = true;
    // The library's level is removed, so that the next library begins with its own. A level that
    // somebody else has set stays.
    removeWord(this.#word);
    this.#unmark();
    this.#manager.touch();
  }

  #catchUp(): void {
    // The signal is read first: whatever changes from here on is seen at the next call.
    const signal = WORD[0]!;
    if (this.#isClosed) {
      this.#threshold = -Infinity;
      this.#tapLevel = Infinity;
      this.#seen = signal;
      return;
    }
    const { logger } = this;
    // `threshold` comes first, since it applies changes that wait.
    const least = insideOf.threshold(logger), inTree = insideOf.ownThreshold(logger);
    this.#tapLevel = this.#manager.tap?.levelFor(logger.name) ?? Infinity;
    const word = wordInForce(this.#word);
    this.#isByWord = word !== undefined;
    this.#threshold = least;
    this.#shownFrom = inTree;
    if (word !== undefined) {
      const scopedFrom = least < Math.min(inTree, this.#tapLevel) ? least : Infinity;
      this.#shownFrom = logger.disabled ? Infinity : Math.max(word, this.#manager.disable + 1);
      this.#threshold = Math.min(this.#shownFrom, this.#tapLevel, scopedFrom);
    }
    // What is not lower than anything does not ask for a line.
    const isCounted = this.#linesFor(-Infinity, undefined) !== undefined;
    const isOpened = this.#outlets !== undefined && insideOf.askedBelow(logger) === Infinity;
    const isPlain = !isCounted && !isOpened && !insideOf.isAsked(logger);
    this.#plainFrom = isPlain ? this.#shownFrom : Infinity;
    this.#seen = signal;
  }

  /** The budget of which a call has to take a line; none where the library's own level passes it. */
  #linesFor(levelno: number, scope: LevelScope | undefined): LineBudget | undefined {
    if (this.#isByWord && scope === undefined) return undefined;
    return insideOf.linesFor(this.logger, levelno, scope);
  }

  /** The opening that opens places for the last admitted call. */
  #opening(): Opening | undefined {
    if (this.#scope !== undefined) return this.#scope.opening;
    return this.#isByWord ? undefined : getOpening(levelSource(this.logger));
  }

  /** Counts a call that is written, and tells the thread what time it is. */
  #note(levelno: number, isWritten: boolean): void {
    const created = Date.now() / 1000;
    if (isWritten) countWritten(this.logger, { levelno, created });
    this.#manager.onRecord?.(created);
  }

  /** Whether the logger's filters let a call pass; the library does not see what they change. */
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
