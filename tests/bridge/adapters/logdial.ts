import { Handler } from "../../../src/core/handlers/handler.ts";
import type { LogRecord } from "../../../src/core/records/log_record.ts";
import { getLogger } from "../../../src/core/loggers/module_functions.ts";
import type { Adapter, Made } from "../adapter.ts";

/** Our own logger, which others are to keep up with; it needs no bridge. */
export const ADAPTER: Adapter = {
  kind: "logdial",
  title: "logdial",
  make(): Made {
    const lines: string[] = [];
    class ListHandler extends Handler {
      emit(record: LogRecord): void {
        lines.push(record.getMessage());
      }
    }
    let log = getLogger("unnamed");
    return {
      lines,
      log(level, msg, fields) {
        const method = level === "DEBUG" ? "debug" : level === "INFO" ? "info" : "error";
        if (fields === undefined) log[method](msg);
        else log[method](msg, fields);
      },
      bridge(name) {
        log = getLogger(name);
        log.setLevel("INFO");
        log.propagate = false;
        log.addHandler(new ListHandler());
        return () => {};
      },
      touched: [],
    };
  },
};
