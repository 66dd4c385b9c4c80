import { nodeText } from "../core/loggers/capture_console.ts";
import type { Dial } from "../core/loggers/dial.ts";
import { isError } from "../core/values/thrown.ts";
import { LevelMap } from "./level_map.ts";
import { watchedArguments } from "./read_arguments.ts";
import type { Info, Transport } from "./winston_transports.ts";

/** The library's name, which is told beside a logger's. */
export const KIND = "winston";
/** What a logger's level is called that lets nothing pass: no level of winston's. */
export const OFF = "off";

const SPLAT = Symbol.for("splat");
/** Places in a message for values, as winston counts them. */
const PLACES = /%[scdjifoO]/g;

/** A logger with what winston itself uses of it. */
export interface Inside {
  level: string;
  readonly levels: Readonly<Record<string, number>>;
  readonly transports: readonly Transport[];
  /** Whether it writes nothing. */
  readonly silent?: unknown;
  write(info: Info, ...rest: unknown[]): unknown;
  log(...args: unknown[]): unknown;
  configure(...args: unknown[]): unknown;
  add(...args: unknown[]): unknown;
  remove(...args: unknown[]): unknown;
  clear(...args: unknown[]): unknown;
  /** Formats a record, and pushes what comes of it. */
  _transform(info: Info, ...rest: unknown[]): unknown;
  /** Hands a formatted record to the transports. */
  push(info: unknown, ...rest: unknown[]): boolean;
  /** Records that are not formatted yet. */
  readonly writableLength?: number;
  /** Formatted ones that the transports have not taken. */
  readonly readableLength?: number;
}

/** The levels of a logger, of which only their ranks are known. */
export function levelMap(ranks: Readonly<Record<string, number>>): LevelMap {
  const rankOf = (name: string) => ranks[name]!;
  const names = Object.keys(ranks).sort((a, b) => rankOf(b) - rankOf(a));
  const map = new LevelMap(names);
  const isInOrder = names.every((name, at) => {
    if (at === 0) return true;
    const below = names[at - 1]!;
    const rise = map.numberOf(name)! - map.numberOf(below)!;
    return rankOf(name) === rankOf(below) ? rise === 0 : rise > 0;
  });
  if (isInOrder) return map;
  // The usual numbers do not fit: some names mean something else here, or too many lie between two
  // that are known.
  const order = [...new Set(names.map(rankOf))];
  const step = Math.max(1, Math.floor(50 / order.length));
  const numbers = names.map((name) => [name, step * (order.indexOf(rankOf(name)) + 1)] as const);
  return new LevelMap(names, new Map(numbers));
}

/** What those who watch are told of a call. */
export interface ToldCall {
  readonly msg: unknown;
  readonly fields: Info | undefined;
  readonly error: Error | undefined;
}

/** Reads what those who watch are told of a call. */
export function toldOf(dial: Dial, info: Info): ToldCall {
  const { level: _level, message, ...rest } = info;
  const fields = Object.fromEntries(Object.entries(rest));
  const splat: readonly unknown[] = Array.isArray(info[SPLAT]) ? info[SPLAT] : [];
  const error = isError(info) ? info : splat.find(isError);
  if (error !== undefined && !isError(info)) {
    // winston has copied them from the error, which is shown with them.
    for (const name of ["stack", "cause"]) {
      if (fields[name] === Reflect.get(error, name)) delete fields[name];
    }
  }
  // Only as many as there is a place for: the rest is fields.
  const places = typeof message === "string" ? message.match(PLACES)?.length ?? 0 : 0;
  const msg = places === 0
    ? message
    : nodeText([message, ...watchedArguments(dial, splat.slice(0, places))]);
  return { msg, fields: Object.keys(fields).length > 0 ? fields : undefined, error };
}
