import { Handler, reportFailure } from "./handler.ts";
import { WARNING } from "../levels/levels.ts";
import type { LogRecord } from "../records/log_record.ts";
import { stderr } from "../io/std_stream.ts";

/** Writes bare messages to stderr when nobody else would (`logging.lastResort`). */
class LastResortHandler extends Handler {
  override opens = true;

  emit(record: LogRecord): void {
    try {
      stderr.write(`${this.format(record)}\n`);
    } catch (error) {
      reportFailure(this, record, error);
    }
  }
}

let madeHandler: Handler | undefined;

/** The handler for records of WARNING and up that no handler was found for. */
export function lastResortHandler(): Handler {
  return madeHandler ??= new LastResortHandler(WARNING);
}
