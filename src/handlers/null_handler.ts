import { Handler } from "../core/handlers/handler.ts";
import type { LogRecord } from "../core/records/log_record.ts";

/**
 * Drops every record; for libraries, so that the last resort stays silent
 * (`logging.NullHandler`).
 *
 * @example
 * ```ts
 * import { getLogger, NullHandler } from "@logdial/logging";
 *
 * getLogger("mylib").addHandler(new NullHandler());
 * ```
 */
export class NullHandler extends Handler {
  /** `it drops everything` */
  override get silence(): string | undefined {
    return "it drops everything";
  }

  /** Drops the record without asking the filters; returns false, since nothing is written. */
  override handle(_record: LogRecord): boolean {
    return false;
  }

  /** Drops the record. */
  emit(_record: LogRecord): void {}
}
