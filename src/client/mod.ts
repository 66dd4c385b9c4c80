/**
 * Turns the logging of running programs: all that the `logdial` command does, as functions.
 *
 * @module
 */
import "../core/runtime/require_deno.ts";

export { check, get, history, reset, set, type SetOptions } from "./commands.ts";
export { rollback } from "./rollback.ts";
export { loggers, why } from "./loggers.ts";
export { NoTargetError } from "./targets.ts";
export type { Delivery } from "./request.ts";
export { type Found, scan, type ScanOptions, UnreachableError } from "./ports/scan.ts";
export type { PortRange } from "../hub/board/attach_options.ts";
export { send } from "./send.ts";
export type { SenderOptions, SendOptions } from "./send_options.ts";
export { status } from "./status.ts";
export { record, type RecordOptions } from "./record.ts";
export { dump, type DumpOptions } from "./dump.ts";
export type { DumpFailure, DumpLine, DumpRecord, DumpThread } from "./dump_line.ts";
export type { RecordHead } from "./answer_line.ts";
export { tail, type TailOptions } from "./tail.ts";
export type { TailFailure, TailGap, TailLine, TailRecord } from "./tail_line.ts";
export { type Target, type Targets } from "./targets.ts";
export type {
  ChangeError,
  ChangeNotes,
  ChangeStatus,
  KnownChange,
  LastChange,
  Levels,
  Override,
  RecorderStatus,
  Sender,
  ThreadIdentity,
  ThreadStatus,
  WatchedFileStatus,
} from "../wire/message.ts";
export type { Opened, Silent, UnknownLogger } from "../wire/logger_notes.ts";
export type { CountedAt, ThreadRecords, WrittenRecords } from "../wire/written.ts";
export type { LoggerInfo, LoggerList, Why, WhyScope, WhyStop } from "../wire/logger_info.ts";
