import { JsonWriter } from "../../core/format/json_writer.ts";
import {
  bareFields,
  messageOf,
  partialMessage,
  trailingFields,
} from "../../core/formatters/json_message.ts";
import { type LogRecord, resolveLazy } from "../../core/records/log_record.ts";
import { allFields } from "../../core/records/record_extras.ts";
import { quietStr } from "../../core/python/py_repr.ts";
import { recordTime } from "../../core/records/record_time.ts";
import type { Fields } from "../../core/records/shared_fields.ts";
import type { RecordTap } from "../../core/loggers/tree_context.ts";
import type { ByteRing } from "../../core/shared/byte_ring.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { isError, readOrTell, thrownText } from "../../core/values/thrown.ts";
import { toldName } from "../../wire/told_texts.ts";
import { type WatchedLogger, watchedRecord } from "../../core/loggers/watched_record.ts";
import { isAtOrBelow, type Tap } from "../board/orders.ts";

const encoder = new TextEncoder();

/** Bounds of a record's fields, since all records that wait to be read share one ring. */
const FIELD_LIMITS = { text: 16_384, depth: 10, size: 1000 };
/** If the fields' JSON has more characters than this, only its length is told. */
const LONGEST_FIELDS = 65_536;

/** Thread side of tails: copies records to the ring, and never waits for a reader. */
export class TailTap implements RecordTap {
  readonly #ring: ByteRing;
  readonly #taps: readonly Tap[];

  /** Copies to `ring` the records that at least one of the taps wants. */
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
      this.#ring.offer(encoder.encode(`${lineOf(seen)}\n`));
    } catch {
      // A record that cannot be copied must still reach the program's own handlers.
    }
  }
}

function lineOf(record: LogRecord): string {
  resolveLazy(record);
  const trailing = bareFields(record) ?? trailingFields(record);
  const line = JSON.stringify(describe(record, trailing));
  const fields = fieldsJson(record, trailing);
  return fields === undefined ? line : `${line.slice(0, -1)},"fields":${fields}}`;
}

function describe(record: LogRecord, fields: Fields | undefined): object {
  const { levelno, name, levelname, module, funcName, lineno } = record;
  return {
    levelno: Number.isFinite(levelno) ? levelno : 0,
    logger: String(name),
    level: toldName(String(levelname)),
    time: new Date(recordTime(record)).toISOString(),
    thread: toldName(currentThread().processName),
    pid: Deno.pid,
    module: toldName(String(module)),
    funcName: toldName(String(funcName)),
    // A program's own records may have any value here, and clients refuse a line below 0.
    lineno: Number.isSafeInteger(lineno) ? Math.max(0, lineno) : 0,
    message: mergedMessage(record, fields),
    error: errorOf(record),
  };
}

/** The merged message; one that does not fit its arguments is shown as it is. */
function mergedMessage(record: LogRecord, fields: Fields | undefined): string {
  if (fields !== undefined && fields === record.msg) return "";
  return messageOf(record, fields) ?? partialMessage(record, fields).text;
}

/** The text of a record's error, which may be no `Error`; a program's own record may have only its text. */
function errorOf({ exc_info, exc_text }: LogRecord): string | undefined {
  if (isError(exc_info)) return stackOf(exc_info);
  if (exc_info) return quietStr(exc_info);
  return typeof exc_text === "string" && exc_text !== "" ? exc_text : undefined;
}

function stackOf(error: Error): string {
  const stack = readOrTell(error, "stack");
  return typeof stack === "string" ? stack : thrownText(error);
}

/** Fields of the call, the bound logger and the context as JSON; undefined if there are none. */
function fieldsJson(record: LogRecord, trailing: Fields | undefined): string | undefined {
  const all = allFields(record, trailing);
  if (all.size === 0) return undefined;
  const json = new JsonWriter(FIELD_LIMITS).write(Object.fromEntries(all));
  return json.length > LONGEST_FIELDS ? `{"…":"[${json.length} characters]"}` : json;
}
