import { count, fields, isoTime, number, type Read, type Shape, table } from "./shape.ts";

/**
 * Records that at least one handler has taken, by the names `DEBUG`, `INFO`, `WARNING`, `ERROR` and
 * `CRITICAL`. Records of other levels count for the next lower one of these, and for `DEBUG` below
 * that. Levels without records are left out.
 *
 * @example
 * ```ts
 * import type { WrittenRecords } from "@logdial/logging/client";
 *
 * const busy: WrittenRecords = { total: { INFO: 81_204, ERROR: 3 }, perSecond: { INFO: 120.4 } };
 * console.log(busy.perSecond.INFO ?? 0);
 * ```
 */
export interface WrittenRecords {
  /** Since the thread began, so that two answers give a rate of the time between them. */
  readonly total: Readonly<Record<string, number>>;
  /** Records a second, over the last seconds before the answer. */
  readonly perSecond: Readonly<Record<string, number>>;
}

/** When records were counted. */
export interface CountedAt {
  /** ISO time. */
  readonly at: string;
  /** Seconds over which the rates are taken: up to 10, less if the thread has just begun. */
  readonly seconds: number;
}

/**
 * The records that a thread has written, as `status` tells them. The numbers come from shared memory,
 * so they are of that time, also for a thread that computes.
 *
 * @example
 * ```ts
 * import { status } from "@logdial/logging/client";
 *
 * for (const { name, written } of await status()) console.log(name, written?.perSecond);
 * ```
 */
export interface ThreadRecords extends WrittenRecords, CountedAt {}

const NUMBERS = table(number);

/** How written records are read. */
export const WRITTEN: Shape<WrittenRecords> = { total: table(count()), perSecond: NUMBERS };

/** Reads what a thread has written. */
export const readThreadRecords: Read<ThreadRecords> = fields<ThreadRecords>({
  ...WRITTEN,
  at: isoTime,
  seconds: number,
});
