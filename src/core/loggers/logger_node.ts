import { quote } from "../errors/quote.ts";
import { Filterer, type FilterLike } from "../filters/filter.ts";
import { type Handler, reviveHandler, takesRecords } from "../handlers/handler.ts";
import { checkLevel, getLevelName, type Level, NOTSET } from "../levels/levels.ts";
import type { LogRecord } from "../records/log_record.ts";
import { handlersOnWay } from "./handlers_way.ts";
import { refuseOrphan } from "./log_call.ts";
import type { Opening } from "./opening.ts";
import { RecordCounts } from "./record_counts.ts";
import { type LevelScope, NO_SCOPES } from "./scope.ts";
import type { TreeContext } from "./tree_context.ts";

/** The logger whose level counts for another one: itself, an ancestor, or the root if none has one. */
export let levelSource: <Logger extends LoggerNode<Logger>>(logger: LoggerNode<Logger>) => Logger;
/** The opening that belongs to a logger's own level. */
export let getOpening: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
) => Opening | undefined;
/** Gives a logger an opening, which it keeps until its level is set anew. */
export let setOpening: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
  opening: Opening | undefined,
) => void;
/**
 * The level number that would count for a logger without changes that have a budget of lines:
 * records below it pass thanks to such a change, and take its lines.
 */
export let floorOf: <Logger extends LoggerNode<Logger>>(logger: LoggerNode<Logger>) => number;
/** What of a logger a change from outside has set, and the program has not set since; its bits. */
export let getTurned: <Logger extends LoggerNode<Logger>>(logger: LoggerNode<Logger>) => number;
/**
 * Says what of a logger a change from outside has set: a bit goes when the program sets the same
 * itself, also to the same, and that is how this shows.
 */
export let setTurned: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
  bits: number,
) => void;
/** The scopes that belong to a logger itself. */
export let getScopes: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
) => readonly LevelScope[];
/** Replaces the scopes of a logger. */
export let setScopes: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
  scopes: readonly LevelScope[],
) => void;
/** The scopes that count for a logger: as levels do, they are inherited by those without a level. */
export let scopesFor: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
) => readonly LevelScope[];
/** Counts a record of a logger that a handler has taken. */
export let countWritten: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
  record: Pick<LogRecord, "levelno" | "created">,
) => void;
/** How many of its records handlers have taken; undefined for none. */
export let writtenBy: <Logger extends LoggerNode<Logger>>(
  logger: LoggerNode<Logger>,
) => RecordCounts | undefined;
/** Makes a logger stand for another one of its name: it has no state of its own from here on. */
export let standFor: <Logger extends LoggerNode<Logger>>(bound: Logger, node: Logger) => void;

/** The bits of {@linkcode getTurned}. */
export const TURNED_LEVEL = 1, TURNED_PROPAGATE = 2, TURNED_DISABLED = 4;

/**
 * A logger's place in the tree, and what can be set on it.
 *
 * @internal
 */
export abstract class LoggerNode<Logger extends LoggerNode<Logger>> extends Filterer {
  /** Dotted name, `root` for the root. */
  readonly name: string;
  readonly #context: TreeContext<Logger>;
  /** The logger of the name: this one, unless it has bound fields. */
  #node: Logger;
  #parent: Logger | undefined = undefined;
  #handlers: Handler[] = [];
  #filters: FilterLike[] = [];
  #level: number;
  /** Opens handlers for the records that its level lets pass; it belongs to the level. */
  #opening: Opening | undefined = undefined;
  /** Levels for some calls only, whatever its own level. */
  #scopes: readonly LevelScope[] = NO_SCOPES;
  /** Its counts; made at its first record, since most loggers of a tree have none. */
  #written: RecordCounts | undefined = undefined;
  #propagate = true;
  #disabled = false;
  #turned = 0;

  static {
    levelSource = (logger) => {
      let node = logger.#node;
      while (node.#level === NOTSET && node.#parent !== undefined) node = node.#parent.#node;
      return node;
    };
    floorOf = (logger) => {
      if (logger.#node.#opening?.budget?.wasDisabled) return Infinity;
      for (let node = logger.#node;; node = node.#parent.#node) {
        const level = node.#opening?.budget?.beneath ?? node.#level;
        if (level !== NOTSET || node.#parent === undefined) return level;
      }
    };
    getOpening = (logger) => logger.#node.#opening;
    setOpening = (logger, opening) => {
      logger.#node.#opening = opening;
      logger.#context.touch();
    };
    getTurned = (logger) => logger.#node.#turned;
    setTurned = (logger, bits) => {
      logger.#node.#turned = bits;
    };
    getScopes = (logger) => logger.#node.#scopes;
    setScopes = (logger, scopes) => {
      logger.#node.#scopes = scopes;
      logger.#context.touch();
    };
    scopesFor = (logger) => {
      let found = NO_SCOPES;
      for (let node = logger.#node;; node = node.#parent.#node) {
        if (node.#scopes.length > 0) found = [...node.#scopes, ...found];
        if (node.#level !== NOTSET || node.#parent === undefined) return found;
      }
    };
    countWritten = (logger, { levelno, created }) => {
      const node = logger.#node;
      (node.#written ??= new RecordCounts(node.#context.written)).count(levelno, created);
    };
    writtenBy = (logger) => logger.#node.#written;
    standFor = (bound, node) => bound.#node = node.#node;
  }

  /** Takes its name, the tree and its level. */
  constructor(name: string, context: TreeContext<Logger>, level: number) {
    super();
    if (context === undefined) refuseOrphan(name);
    this.name = name;
    this.#context = context;
    this.#level = level;
    // `Logger` is the only class below this one, so every node is a logger.
    this.#node = this as unknown as Logger;
  }

  /** The next logger towards the root, undefined for the root. */
  get parent(): Logger | undefined {
    return this.#node.#parent;
  }

  set parent(parent: Logger | undefined) {
    this.#node.#parent = parent;
  }

  /**
   * Handlers of its own, in the order in which they are asked.
   *
   * @throws {TypeError} It is set to something other than an array.
   */
  get handlers(): Handler[] {
    return this.#node.#handlers;
  }

  set handlers(handlers: Handler[]) {
    if (!Array.isArray(handlers)) {
      const wrong = `Cannot set the handlers of logger "${this.name}" to ${quote(handlers)}`;
      throw new TypeError(`${wrong}: they must be an array`);
    }
    this.#node.#handlers = handlers;
  }

  /** Filters of its own, in the order in which they are asked. */
  override get filters(): FilterLike[] {
    return this.#node.#filters;
  }

  override set filters(filters: FilterLike[]) {
    this.#node.#filters = filters;
  }

  /** Level number of its own, 0 when it asks its parent. */
  get level(): number {
    return this.#node.#level;
  }

  /** Whether records go on to the handlers of its ancestors. */
  get propagate(): boolean {
    return this.#node.#propagate;
  }

  set propagate(on: boolean) {
    this.#node.#propagate = Boolean(on);
    this.#node.#turned &= ~TURNED_PROPAGATE;
  }

  /** Whether it drops everything; its children are not affected. */
  get disabled(): boolean {
    return this.#node.#disabled;
  }

  set disabled(on: boolean) {
    this.#node.#disabled = Boolean(on);
    this.#node.#turned &= ~TURNED_DISABLED;
    this.#context.touch();
  }

  /**
   * Sets the level below which records are dropped, `NOTSET` to ask the parent.
   *
   * @throws {RangeError} An unknown name.
   */
  setLevel(level: Level): void {
    const node = this.#node;
    node.#level = checkLevel(level);
    node.#opening = undefined;
    node.#turned &= ~TURNED_LEVEL;
    this.#context.touch();
  }

  /**
   * Adds a handler unless it is there already.
   *
   * Differs from CPython: that takes anything, and fails at each record.
   *
   * @throws {TypeError} It is no handler.
   */
  addHandler(handler: Handler): void {
    if (!takesRecords(handler)) {
      throw new TypeError(
        `Cannot add ${quote(handler)} to logger "${this.name}": it is no handler`,
      );
    }
    if (this.handlers.includes(handler)) return;
    // The array is replaced: a handler that adds or removes one must not disturb a loop over it.
    this.handlers = [...this.handlers, handler];
    reviveHandler(handler);
  }

  /** Removes a handler if it is there; it stays open. */
  removeHandler(handler: Handler): void {
    const at = this.handlers.indexOf(handler);
    // A new list: records may be on their way through the old one.
    if (at >= 0) this.handlers = this.handlers.toSpliced(at, 1);
  }

  /** Whether it or an ancestor that it propagates to has a handler. */
  hasHandlers(): boolean {
    return handlersOnWay(this).length > 0;
  }

  /** The logger `suffix` below this one. */
  getChild(suffix: string): Logger {
    const name = this.parent === undefined ? suffix : `${this.name}.${suffix}`;
    return this.#context.getNamedLogger(name);
  }

  /** The loggers right below this one. */
  getChildren(): Set<Logger> {
    return this.#context.childrenOf(this.#node);
  }

  /** Level number that counts for the logger: its own, or the nearest ancestor's that has one. */
  abstract getEffectiveLevel(): number;

  /** `<Logger app.db (DEBUG)>` */
  override toString(): string {
    return `<${this.constructor.name} ${this.name} (${getLevelName(this.getEffectiveLevel())})>`;
  }
}
