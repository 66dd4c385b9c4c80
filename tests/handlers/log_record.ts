import { LogRecord } from "../../src/core/records/log_record.ts";

/** A record of a level, INFO by default. */
export function logRecord(msg: unknown, level = 20, args: readonly unknown[] = []): LogRecord {
  return new LogRecord("app.db", level, "/src/main.ts", 7, msg, args, undefined, "run");
}
