import { Handler } from "../../src/core/handlers/handler.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";

/** A handler that keeps the records that it is handed. */
export class ListHandler extends Handler {
  override readonly keepsRecords = true;
  /** The records so far. */
  readonly records: LogRecord[] = [];

  emit(record: LogRecord): void {
    this.records.push(record);
  }

  /** The messages so far. */
  get messages(): string[] {
    return this.records.map((record) => record.getMessage());
  }
}
