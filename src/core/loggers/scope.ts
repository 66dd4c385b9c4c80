import type { CallOptions } from "../records/log_options.ts";
import type { LogRecord } from "../records/log_record.ts";
import type { LineBudget } from "./line_budget.ts";
import type { Opening } from "./opening.ts";

/** For which log calls a scope is. */
export interface ScopeTest {
  /** Texts that all stand under dotted paths of the fields. */
  readonly where: readonly (readonly [path: string, text: string])[];
  /** What the message as written in the source fits; `*` stands for any text. */
  readonly match?: string;
  /** One of how many, and by which field if not by counting. */
  readonly sample?: { readonly of: number; readonly by?: string };
}

/** What a change shows of some log calls of a logger. */
export interface LoggerScope {
  /** Lowest level number that it shows. */
  readonly level: number;
  readonly test: ScopeTest;
  /** What it shows in spite of handlers' levels. */
  readonly opening: Opening | undefined;
}

/**
 * A level that somebody has given a logger from outside for some log calls only. It is decided
 * before there is a record, so that all other calls are dropped as before.
 */
export interface LevelScope extends LoggerScope {
  /** How many records may pass thanks to it; undefined for any number. */
  readonly lines: LineBudget | undefined;
  /** Whether the level lets the call pass anyway, and all that it does is to open handlers. */
  readonly isOpener?: boolean;
}

/** For which log calls it is, for people: `user=42 and message "pool %d"`. */
export function scopeText({ where, match, sample }: ScopeTest): string {
  const parts = where.map(([path, text]) => `${path}=${text}`);
  if (match !== undefined) parts.push(`message "${match}"`);
  if (sample !== undefined) parts.push(`one ${sample.by ?? "call"} in ${sample.of}`);
  return parts.join(" and ");
}

/**
 * What a call is handed on with.
 *
 * @internal
 */
export interface HandedOptions extends CallOptions {
  /** What lets it pass whatever the logger's level, if whoever hands it on has found that out. */
  readonly scope?: LevelScope | undefined;
  /** The call as it is in the source, if whoever hands it on may have changed its message. */
  readonly inSource?: { readonly msg: unknown; readonly args: readonly unknown[] };
}

/** What a logger without scopes has. */
export const NO_SCOPES: readonly LevelScope[] = [];

const NO_TEST: ScopeTest = { where: [] };

/** Stands for a scope where a logger's own `isEnabledFor` lets a call pass, whatever its level. */
export const HANDLED: LevelScope = {
  level: 0,
  test: NO_TEST,
  opening: undefined,
  lines: undefined,
};
/** Stands for one where it does not, but somebody watches. */
export const WATCHED: LevelScope = { ...HANDLED };

/** Which of the scopes a record has passed by, so that handlers know what it opens. */
const SCOPE = Symbol("logdial.scope");

type Scoped = LogRecord & { [SCOPE]?: LevelScope };

/**
 * Notes on a record which scope has let it pass, or opens handlers for it; false if it is for those
 * who watch only.
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
