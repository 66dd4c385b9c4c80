import type { LogRecord } from "../../core/records/log_record.ts";
import type { RecordTap } from "../../core/loggers/tree_context.ts";
import type { ByteRing } from "../../core/shared/byte_ring.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { toldName } from "../../wire/told_texts.ts";
import { type WatchedLogger, watchedRecord } from "../../core/loggers/watched_record.ts";
import { isAtOrBelow, type Tap } from "../board/orders.ts";

const encoder = new TextEncoder();

/** Thread side of tails: copies records to the ring, and never waits for a reader. */
export class TailTap implements RecordTap {
  readonly #ring: ByteRing;
  readonly #taps: readonly Tap[];

  /** Copies what one of the taps wants. */
  constructor(ring: ByteRing, taps: readonly Tap[]) {
    this.#ring = ring;
    this.#taps = taps;
  }

  /** Lowest level that somebody wants of a logger, Infinity for none. */
  levelFor(name: string): number {
    let lowest = Infinity;
    for (const { level, logger } of this.#taps) {
      if (level < lowest && isAtOrBelow(name, logger)) lowest = level;
    }
    return lowest;
  }

  /** Copies a record. */
  take(record: LogRecord, logger: WatchedLogger): void {
    if (record.levelno < this.levelFor(record.name)) return;
    try {
      const seen = watchedRecord(record, logger);
      this.#ring.offer(encoder.encode(`${JSON.stringify(describe(seen))}\n`));
    } catch {
      // What cannot be told must not keep the record from the program's own handlers.
    }
  }
}

function describe(record: LogRecord): object {
  const { levelno, name, levelname, created, module, funcName, lineno, exc_info } = record;
  return {
    levelno,
    logger: name,
    level: toldName(levelname),
    time: new Date(Math.round(created * 1000)).toISOString(),
    thread: toldName(currentThread().processName),
    pid: Deno.pid,
    module: toldName(module),
    funcName: toldName(funcName),
    lineno,
    message: messageOf(record),
    error: exc_info instanceof Error ? exc_info.stack : undefined,
  };
}

/** The merged message; one that does not fit its arguments is shown as it is. */
function messageOf(record: LogRecord): string {
  try {
    return record.getMessage();
  } catch {
    return String(record.msg);
  }
}
