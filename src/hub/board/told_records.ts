import {
  COUNTED_LEVELS,
  type CountedRecords,
  readCounts,
} from "../../core/loggers/record_counts.ts";
import type { CountedAt, ThreadRecords, WrittenRecords } from "../../wire/written.ts";

/** What a thread has written, as its counts in shared memory say now. */
export function threadRecords(counts: SharedArrayBuffer): ThreadRecords {
  const now = Date.now(), counted = readCounts(counts, now);
  return { ...writtenRecords(counted, counted.seconds), ...countedAt(now, counted.seconds) };
}

/** Counts as they are told, rates being those of so many seconds. */
export function writtenRecords({ total, recent }: CountedRecords, seconds: number): WrittenRecords {
  return {
    total: byLevel(total),
    perSecond: byLevel(recent.map((count) => Math.round(count / seconds * 100) / 100)),
  };
}

/** When, in milliseconds since the epoch, and over how many seconds records were counted. */
export function countedAt(now: number, seconds: number): CountedAt {
  return { at: new Date(now).toISOString(), seconds: Math.round(seconds * 100) / 100 };
}

function byLevel(counts: readonly number[]): Readonly<Record<string, number>> {
  const named = COUNTED_LEVELS.map((level, at) => [level, counts[at]!] as const);
  return Object.fromEntries(named.filter(([, count]) => count > 0));
}
