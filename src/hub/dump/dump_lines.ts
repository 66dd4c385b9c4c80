import type { KeptRecord } from "../../core/shared/record_ring.ts";
import { fieldText } from "../../core/values/field_text.ts";
import type { DumpRequest } from "../../wire/command.ts";
import { DUMP_KEYS } from "../../wire/dump_keys.ts";
import { toldName } from "../../wire/told_texts.ts";
import { isAtOrBelow } from "../board/orders.ts";
import type { RingRecords } from "./recordings.ts";

const DECODER = new TextDecoder();

/** Which records are wanted. */
export type DumpFilter = Omit<DumpRequest, "kind">;

/** The filter that lets every record pass. */
export const WHOLE_DUMP: DumpFilter = { level: 0, logger: "", last: undefined, where: [] };

/** The place in one thread's records. */
interface Cursor {
  readonly thread: string;
  readonly records: readonly KeptRecord[];
  at: number;
}

/** A line for each thread that says what it had, and then its records in the order of their time. */
export function* dumpLines(
  threads: readonly RingRecords[],
  filter: DumpFilter,
): Generator<string> {
  for (const one of threads) yield headLine(one);
  const wanted = threads.map(({ thread, records }): Cursor => ({
    thread: toldName(thread.name),
    records: lastOf(records, filter),
    at: 0,
  }));
  for (let next = earliest(wanted); next !== undefined; next = earliest(wanted)) {
    const record = next.records[next.at++]!;
    const text = withTime(DECODER.decode(record.text), record.time);
    if (!isWanted(text, filter)) continue;
    yield withThread(text, record.levelno, next.thread);
  }
}

/** The lines, and one that says that they are all. */
export function* withEnd(lines: Iterable<string>): Generator<string> {
  yield* lines;
  yield JSON.stringify({ end: true });
}

function headLine({ thread, endedAt, records, overwritten }: RingRecords): string {
  return JSON.stringify({
    thread: toldName(thread.name),
    pid: Deno.pid,
    records: records.length,
    overwritten,
    ended: endedAt === undefined ? undefined : new Date(endedAt).toISOString(),
  });
}

/** The records at or above the level that are not older than `last` before the newest one. */
function lastOf(records: readonly KeptRecord[], { level, last }: DumpFilter): KeptRecord[] {
  const newest = records.reduce((latest, { time }) => Math.max(latest, time), -Infinity);
  const from = last === undefined ? -Infinity : newest - last;
  return records.filter(({ levelno, time }) => levelno >= level && time >= from);
}

function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let first: Cursor | undefined;
  let time = Infinity;
  for (const cursor of cursors) {
    const next = cursor.records[cursor.at];
    if (next === undefined || next.time >= time) continue;
    first = cursor;
    time = next.time;
  }
  return first;
}

function isWanted(text: string, { logger, where }: DumpFilter): boolean {
  if (logger === "" && where.length === 0) return true;
  const record = JSON.parse(text) as Record<string, unknown>;
  return isAtOrBelow(String(record.logger), logger) &&
    where.every(([path, value]) => fieldText(record, path) === value);
}

/** Adds the time that the ring has to a line that does not say its time. */
function withTime(text: string, time: number): string {
  if (text.startsWith('{"time":')) return text;
  return `{"time":"${new Date(Math.round(time)).toISOString()}",${text.slice(1)}`;
}

/** Adds the thread that logged the line, and the number of its level. */
function withThread(text: string, levelno: number, thread: string): string {
  const ours = { levelno, thread, pid: Deno.pid };
  // The quick way: most programs have no fields with these names.
  if (!DUMP_KEYS.some((key) => text.includes(`"${key}":`))) {
    return `${text.slice(0, -1)},${JSON.stringify(ours).slice(1)}`;
  }
  const record = Object.entries(JSON.parse(text)).map(([key, value]) => [
    DUMP_KEYS.includes(key) ? `${key}_` : key,
    value,
  ]);
  return JSON.stringify({ ...Object.fromEntries(record), ...ours });
}
