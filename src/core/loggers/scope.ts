import type { CallOptions } from "../records/log_options.ts";
import type { LogRecord } from "../records/log_record.ts";
import type { LineBudget } from "./line_budget.ts";
import type { Opening } from "./opening.ts";

/** Tells for which log calls a scope is; a call has to pass all parts. */
export interface ScopeTest {
  /** Texts that the fields of the call have to have under these dotted paths. */
  readonly where: readonly (readonly [path: string, text: string])[];
  /** A pattern that the message, as written in the source, has to fit; `*` stands for any text. */
  readonly match?: string;
  /** Lets one of so many calls pass, by counting or by the hash of a field. */
  readonly sample?: { readonly of: number; readonly by?: string };
}

/** The part of a scope that belongs to one logger. */
export interface LoggerScope {
  /** Lowest level number that the scope shows. */
  readonly level: number;
  readonly test: ScopeTest;
  /** The handlers that it opens. */
  readonly opening: Opening | undefined;
}

/**
 * A level that somebody has given a logger from outside for some log calls only. It is decided
 * before there is a record, so that all other calls are dropped as before.
 */
export interface LevelScope extends LoggerScope {
  /** How many records may pass thanks to it; undefined for any number. */
  readonly lines: LineBudget | undefined;
  /** Whether it only opens handlers, for calls that the logger's level lets pass anyway. */
  readonly isOpener?: boolean;
}

/** The test of a scope in words for people: `user=42 and message "pool %d"`. */
export function scopeText({ where, match, sample }: ScopeTest): string {
  const parts = where.map(([path, text]) => `${path}=${text}`);
  if (match !== undefined) parts.push(`message "${match}"`);
  if (sample !== undefined) parts.push(`one ${sample.by ?? "call"} in ${sample.of}`);
  return parts.join(" and ");
}

/**
 * The options with which a bridge hands on a log call of another library.
 *
 * @internal
 */
export interface HandedOptions extends CallOptions {
  /** The scope that lets it pass, if the bridge has found that already. */
  readonly scope?: LevelScope | undefined;
  /** The call as it is in the source, if the bridge may have changed its message. */
  readonly inSource?: { readonly msg: unknown; readonly args: readonly unknown[] };
}

/** The scopes of a logger that has none. */
export const NO_SCOPES: readonly LevelScope[] = [];

const NO_TEST: ScopeTest = { where: [] };

/** Stands for a scope where a logger's own `isEnabledFor` lets a call pass, whatever its level. */
export const HANDLED: LevelScope = {
  level: 0,
  test: NO_TEST,
  opening: undefined,
  lines: undefined,
};
/** Stands for a scope where `isEnabledFor` holds the call back, but a watcher wants it. */
export const WATCHED: LevelScope = { ...HANDLED };

/** The property of a record with the scope by which it passed: handlers see there what is opened. */
const SCOPE = Symbol("logdial.scope");

type Scoped = LogRecord & { [SCOPE]?: LevelScope };

/**
 * Notes on a record which scope has let it pass, or opens handlers for it; returns false if the
 * record is for watchers only.
 */
export function markScope(record: LogRecord, scope: LevelScope): boolean {
  if (scope === WATCHED) return false;
  if (scope !== HANDLED) (record as Scoped)[SCOPE] = scope;
  return true;
}

/** The scope that has let a record pass, or opens handlers for it; undefined if none has. */
export function scopeOf(record: LogRecord): LevelScope | undefined {
  return (record as Scoped)[SCOPE];
}
