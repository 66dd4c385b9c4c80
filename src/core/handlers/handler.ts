import { quote } from "../errors/quote.ts";
import { currentBuildScope } from "./build_scope.ts";
import { getRaiseExceptions, reportHandlerError, writeDiagnostic } from "../io/diagnostics.ts";
import { Filterer, isRecord, passedRecord } from "../filters/filter.ts";
import { Formatter } from "../formatters/formatter.ts";
import { checkLevel, getLevelName, type Level, NOTSET } from "../levels/levels.ts";
import { onRejection } from "../values/on_rejection.ts";
import { wholeCopy } from "../records/copy_record.ts";
import type { LogRecord } from "../records/log_record.ts";
import { requireText } from "../formatters/require_text.ts";
import { isError, readOrTell, thrownText } from "../values/thrown.ts";

let defaultFormatter: Formatter | undefined;

/** The `filter` that only asks the list of filters; a constant of this module, for V8. */
const ASKS_LIST = Filterer.prototype.filter;

/**
 * Handlers that may still be alive, in the order of their making, for `shutdown`. Handlers of the
 * program are held weakly. Handlers of a configuration are not, since the configuration retires
 * them, and a weak reference would keep its target until the thread yields, which some never do.
 */
let made: (Handler | WeakRef<Handler>)[] = [];
let pruneAt = 64;
/** The handlers of the configurations in force. */
const held = new Set<Handler>();
/** Handlers whose level a change from outside has set, and the program has not set since. */
const turned = new WeakSet<Handler>();
/** Handlers that are closed and no more in `made`. */
const retired = new WeakSet<Handler>();
/** Names that handlers had when they were closed, by which they are not found any more. */
const closedNames = new WeakMap<Handler, string | undefined>();

/**
 * Sends records somewhere (`logging.Handler`); subclasses say where in `emit`.
 *
 * @example
 * ```ts
 * import { getLogger, Handler, type LogRecord } from "@logdial/logging";
 *
 * class ListHandler extends Handler {
 *   readonly lines: string[] = [];
 *   emit(record: LogRecord) {
 *     this.lines.push(this.format(record));
 *   }
 * }
 * getLogger().addHandler(new ListHandler());
 * ```
 */
export abstract class Handler extends Filterer {
  /** Lowest level number that it takes. */
  level: number;
  /** The formatter of its text; undefined for the bare message. */
  formatter: Formatter | undefined = undefined;
  /** Name in the configuration. */
  name: string | undefined = undefined;
  /**
   * Whether it reads records after `emit` has returned, as a handler does that collects them. Then
   * their caller is looked up before `emit`, since that cannot be done later. Subclasses inherit the
   * property; a handler whose `emit` is `async` need not set it.
   *
   * To look the caller up takes some 10 µs a record, so it is not done for other handlers. If one of
   * them reads a caller too late, that is told on stderr.
   *
   * @default false
   */
  readonly keepsRecords: boolean = false;
  /**
   * Whether it takes records below its own level when somebody turns their logger's level from
   * outside (`logdial set`). It is true for handlers whose lines people look at, such as those for a
   * terminal or a file. A handler such as the one for mail takes them only if it is named.
   */
  opens = false;

  /**
   * Takes records from `level` on.
   *
   * @throws {RangeError} An unknown name of a level.
   */
  constructor(level: Level = NOTSET) {
    super();
    this.level = checkLevel(level);
    remember(this);
  }

  /**
   * Sends the record; failures go to {@linkcode Handler.handleError}, also what it throws
   * itself and, if it is `async`, what it rejects with.
   */
  abstract emit(record: LogRecord): void;

  /** Why nothing comes out of the handler, whatever it takes; undefined if something does. */
  get silence(): string | undefined {
    return undefined;
  }

  /** Sets the lowest level that it takes. */
  setLevel(level: Level): void {
    this.level = checkLevel(level);
    turned.delete(this);
  }

  /**
   * Sets the formatter of its text.
   *
   * Differs from CPython: that takes anything, and fails at each record.
   *
   * @throws {TypeError} It is no formatter.
   */
  setFormatter(formatter: Formatter | undefined): void {
    // The class is not asked: there may be two copies of the library.
    const given = formatter ?? undefined;
    if (given !== undefined && typeof given.format !== "function") {
      throw new TypeError(`Cannot format by ${quote(formatter)}: it is no formatter`);
    }
    this.formatter = given;
  }

  /** The record's text. */
  format(record: LogRecord): string {
    const formatter = this.formatter ?? (defaultFormatter ??= new Formatter());
    try {
      return requireText(formatter.format(record));
    } catch (error) {
      if (!Object.isFrozen(record)) throw error;
      // Formatters note their texts on the record; if it is frozen, they get a copy.
      return requireText(formatter.format(wholeCopy(record)));
    }
  }

  /**
   * Emits the record, or the one that filters put in its place, if they let it pass; returns
   * what was emitted, false if nothing was.
   */
  handle(record: LogRecord): LogRecord | boolean {
    const passed = this.filters.length === 0 && this.filter === ASKS_LIST
      ? record
      : passedRecord(this.filter(record), record);
    if (passed === undefined) return false;
    const result: unknown = this.emit(passed);
    if (result) watchResult(this, passed, result);
    return passed;
  }

  /** Tells on stderr that emitting failed, unless reports are off. */
  handleError(record: LogRecord, error: unknown): void {
    reportHandlerError(record, error);
  }

  /**
   * Permissions without which it cannot emit. A configuration with this handler is refused if they
   * are missing, before anything changes.
   */
  requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    return [];
  }

  /** Writes out what is held back. */
  flush(): void {}

  /** Gives up what it holds, and its name for `getHandlerByName`; it is not used any more. */
  close(): void {
    closedNames.set(this, this.name);
  }

  /** `<StreamHandler (INFO)>` */
  override toString(): string {
    return `<${this.constructor.name} (${getLevelName(this.level)})>`;
  }
}

/** Whether a change from outside has set a handler's level, and the program has not set it since. */
export function isTurned(handler: Handler): boolean {
  return turned.has(handler);
}

/** Says whether a handler's level is that of a change from outside, until `setLevel` is called. */
export function setHandlerTurned(handler: Handler, on: boolean): void {
  if (on) turned.add(handler);
  else turned.delete(handler);
}

/** Whether something has a `handle`. Its class is not asked: there may be two copies of the library. */
export function takesRecords(handler: unknown): handler is Pick<Handler, "handle"> {
  return typeof (handler as Partial<Handler> | null | undefined)?.handle === "function";
}

/** How many failures are being told of, one inside the other: a `handleError` may log, and fail. */
let failures = 0;
const MAX_FAILURES = 3;

/** Tells of a failure by the handler's `handleError`; on stderr if that fails itself. */
export function reportFailure(handler: Handler, record: LogRecord, error: unknown): void {
  if (failures >= MAX_FAILURES) {
    reportHandlerError(record, error);
    return;
  }
  failures++;
  try {
    const result: unknown = handler.handleError(record, error);
    if (result) onRejection(result, (thrown) => reportHandlerError(record, thrown));
  } catch (thrown) {
    reportHandlerError(record, error);
    reportHandlerError(record, thrown);
  } finally {
    failures--;
  }
}

/**
 * Tells of the rejection of an `async` handler. Such a handler reads the record later, when the
 * caller cannot be found any more: so the caller is looked up now. A handler that is not `async`
 * gives a record or nothing, which is of no interest here.
 */
export function watchResult(handler: Handler, record: LogRecord, result: unknown): void {
  if (isRecord(result)) return;
  record.resolveCaller();
  onRejection(result, (error) => reportFailure(handler, record, error));
}

/** How many records are being handed to handlers by {@linkcode deliver}, inside each other. */
let deliveries = 0;

/** Whether a handler is being given a record that another handler, or a queue, has kept. */
export function isDelivering(): boolean {
  return deliveries > 0;
}

/**
 * Hands a record to a handler; its failure does not keep the record from others. Returns whether it
 * has taken the record.
 */
export function deliver(handler: Handler, record: LogRecord): boolean {
  deliveries++;
  try {
    const result: unknown = handler.handle(record);
    if (result) watchResult(handler, record, result);
    return result !== false;
  } catch (error) {
    reportFailure(handler, record, error);
    return false;
  } finally {
    deliveries--;
  }
}

/**
 * Flushes and closes the given handlers, or all that live, the last made first; one that
 * fails does not keep the others open.
 *
 * @throws {Error} What handlers have thrown, if `raiseExceptions` is on; but errors of the system
 * and `ValueError`s are told on stderr.
 */
export function shutdownHandlers(handlers: Iterable<Handler> = livingHandlers()): void {
  const thrown: unknown[] = [];
  for (const handler of [...handlers].reverse()) {
    closeHandler(handler, (error) => {
      if (isExpected(error)) tellClosing(handler, error);
      else thrown.push(error);
    });
  }
  if (thrown.length === 0 || !getRaiseExceptions()) return;
  if (thrown.length === 1) throw thrown[0];
  throw new AggregateError(thrown, `Cannot close ${thrown.length} handlers`);
}

/** Closes a handler even if flushing fails; it is not flushed if its `flushOnClose` is false. */
function closeHandler(handler: Handler, fail: (error: unknown) => void): void {
  const tellLater = (error: unknown) => tellClosing(handler, error);
  try {
    const { flushOnClose = true } = handler as { flushOnClose?: unknown };
    if (flushOnClose) onRejection(handler.flush(), tellLater);
  } catch (error) {
    fail(error);
  }
  try {
    onRejection(handler.close(), tellLater);
  } catch (error) {
    fail(error);
  }
}

/** Whether an error is passed over as in CPython, since the handler may be closed already. */
function isExpected(error: unknown): boolean {
  if (!isError(error)) return false;
  const name = readOrTell(error, "name");
  if (error instanceof RangeError) return name === "RangeError" || name === "ValueError";
  return Object.values(Deno.errors).some((type) => error instanceof type);
}

function tellClosing(handler: Handler, error: unknown): void {
  tellFailure("close handler", handler, error);
}

/** Tells on stderr what could not be done with a handler, where no record is concerned. */
export function tellFailure(what: string, handler: Handler, error: unknown): void {
  if (!getRaiseExceptions()) return;
  writeDiagnostic(`logdial: cannot ${what} ${nameOf(handler)}: ${thrownText(error)}\n`);
}

function nameOf(handler: Handler): string {
  try {
    return `${handler}`;
  } catch {
    return "whose name cannot be read";
  }
}

/** Flushes a handler that goes out of use but stays open; an error is only told on stderr. */
export function flushUnused(handler: Handler): void {
  const tell = (error: unknown) => tellFailure("flush handler", handler, error);
  try {
    onRejection(handler.flush(), tell);
  } catch (error) {
    tell(error);
  }
}

/** Holds handlers of a configuration that is put in force, until they are retired. */
export function holdHandlers(handlers: Iterable<Handler>): void {
  for (const handler of handlers) {
    held.add(handler);
    closedNames.delete(handler);
    reviveHandler(handler);
  }
}

/** Closes handlers that a configuration has taken out of use, and lets go of them. */
export function retireHandlers(handlers: Iterable<Handler>): void {
  const all = [...handlers];
  // The new configuration is in force: errors of the old one's handlers are only told.
  for (const handler of [...all].reverse()) {
    closeHandler(handler, (error) => tellClosing(handler, error));
  }
  for (const handler of all) {
    held.delete(handler);
    retired.add(handler);
  }
  const gone = new Set(all);
  made = made.filter((one) => {
    const handler = living(one);
    return handler !== undefined && !gone.has(handler);
  });
}

/** Takes a handler that had been retired into use again. */
export function reviveHandler(handler: Handler): void {
  if (!retired.delete(handler)) return;
  if (!livingHandlers().includes(handler)) made.push(new WeakRef(handler));
}

/** Whether a handler was closed while it had its present name, by which it is not found then. */
export function isClosedByName(handler: Handler): boolean {
  return closedNames.has(handler) && closedNames.get(handler) === handler.name;
}

/**
 * The living handlers to which the program may have given a name, in the order of their making: those
 * that it has made itself, and those of the configuration in force, which it may have renamed.
 * Handlers that were closed under their names are left out.
 */
export function ownHandlers(configured: Iterable<Handler>): Handler[] {
  const inForce = new Set(configured);
  return livingHandlers().filter((handler) =>
    (!held.has(handler) || inForce.has(handler)) && !isClosedByName(handler)
  );
}

/** Forgets a handler whose constructor has failed: it is not whole, so it cannot be closed. */
export function forgetHandler(handler: Handler): void {
  made = made.filter((one) => living(one) !== handler);
}

function remember(handler: Handler): void {
  const scope = currentBuildScope();
  made.push(scope === undefined ? new WeakRef(handler) : handler);
  // A handler whose constructor fails half-way cannot even be closed.
  scope?.onRollback(() => forgetHandler(handler));
  // A factory may make a handler for its own use, which nobody retires.
  scope?.onCommit(() => {
    if (held.has(handler)) return;
    made = made.map((one) => one === handler ? new WeakRef(handler) : one);
  });
  if (made.length < pruneAt) return;
  made = made.filter((one) => living(one) !== undefined);
  pruneAt = Math.max(64, made.length * 2);
}

function living(one: Handler | WeakRef<Handler>): Handler | undefined {
  return one instanceof WeakRef ? one.deref() : one;
}

/** The living handlers in the order of their making. */
export function livingHandlers(): Handler[] {
  return made.map(living).filter((handler) => handler !== undefined);
}
