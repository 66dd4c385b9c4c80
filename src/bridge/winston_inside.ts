import { LevelMap } from "./level_map.ts";
import type { Info, Transport } from "./winston_transports.ts";

/** The library's name, which is told beside a logger's. */
export const KIND = "winston";
/** What a logger's level is called that lets nothing pass: no level of winston's. */
export const OFF = "off";

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
  // Names that mean something else here, or too many between two that are known.
  const order = [...new Set(names.map(rankOf))];
  const step = Math.max(1, Math.floor(50 / order.length));
  const numbers = names.map((name) => [name, step * (order.indexOf(rankOf(name)) + 1)] as const);
  return new LevelMap(names, new Map(numbers));
}
