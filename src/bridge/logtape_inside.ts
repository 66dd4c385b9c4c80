import { LevelMap } from "./level_map.ts";

/** The part of a record of LogTape that a bridge reads. */
export interface LogtapeRecord {
  readonly level: string;
  readonly message: readonly unknown[];
  readonly rawMessage: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A logger of LogTape with what the library itself uses of it; there is one for each category. */
export interface LogtapeLogger {
  readonly category: readonly string[];
  readonly parent: LogtapeLogger | null;
  readonly children: Readonly<Record<string, LogtapeLogger | WeakRef<LogtapeLogger>>>;
  readonly sinks: unknown[];
  readonly filters: ((record: LogtapeRecord) => boolean)[];
  /** Whether records go on to the sinks of its ancestors: as their levels say, not, or anyway. */
  readonly parentSinks: "inherit" | "override" | "forward";
  readonly contextLocalStorage?: { getStore(): Readonly<Record<PropertyKey, unknown>> | undefined };
  lowestLevel: string | null;
  with(properties: object): LogtapeChild;
  filter(record: LogtapeRecord): boolean;
  getDispatcher(prefix: readonly string[]): LogtapeLogger;
  isCertainlyDropped(level: string): boolean;
  isCertainlyDroppedResolved?(level: string): boolean;
  isEnabledFor(level: string): boolean;
  emitResolved(record: LogtapeRecord, bypassSinks?: unknown): void;
}

/** A logger with properties bound. */
export interface LogtapeChild {
  readonly logger: LogtapeLogger;
  readonly properties: Readonly<Record<string, unknown>>;
  isEnabledFor(level: string): boolean;
}

/** The global in which LogTape keeps its root logger, for all copies of the library. */
const ROOT = Symbol.for("logtape.rootLogger");
const PREFIX = Symbol.for("logtape.categoryPrefix");
const SCOPED = Symbol.for("logtape.scopedConfig");
const NO_PREFIX: readonly string[] = [];

/** LogTape's levels. */
export const LEVELS: LevelMap = new LevelMap([
  "trace",
  "debug",
  "info",
  "warning",
  "error",
  "fatal",
]);

/** LogTape's root logger; undefined if nobody has loaded LogTape. */
export function findRoot(): LogtapeLogger | undefined {
  return (globalThis as { [ROOT]?: LogtapeLogger })[ROOT];
}

/**
 * The prefix of categories that `withCategoryPrefix` has set around the caller, mostly empty.
 * Undefined inside of `withConfig`, where LogTape alone decides, by other levels and sinks.
 */
export function prefixHere(root: LogtapeLogger): readonly string[] | undefined {
  const store = root.contextLocalStorage?.getStore();
  if (store === undefined || store === null) return NO_PREFIX;
  if (store[SCOPED] !== undefined) return undefined;
  const prefix = store[PREFIX];
  return Array.isArray(prefix) ? prefix : NO_PREFIX;
}

/** The logger itself and all below it that are in use. */
export function* withDescendants(logger: LogtapeLogger): Generator<LogtapeLogger> {
  yield logger;
  for (const one of Object.values(logger.children)) {
    const child = one instanceof WeakRef ? one.deref() : one;
    if (child !== undefined) yield* withDescendants(child);
  }
}

/** Whether LogTape has all that is needed to ask a dial at each call. */
export function isKnown(root: LogtapeLogger): boolean {
  const prototype: unknown = Object.getPrototypeOf(root);
  const level = Object.getOwnPropertyDescriptor(prototype, "lowestLevel");
  const methods = ["emitResolved", "isCertainlyDropped", "isEnabledFor", "getDispatcher"] as const;
  return level?.get !== undefined && level.set !== undefined && level.configurable === true &&
    methods.every((key) => typeof root[key] === "function");
}
