import {
  type Config,
  configureSync,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogRecord,
  type TextFormatter,
} from "npm:@logtape/logtape@2.4.2";
import { LOGGERS, PATH, type Peer, SCENARIO } from "../peer.ts";

const isJson = SCENARIO === "json" || SCENARIO === "child";
const config: Config<"main", never> = {
  sinks: { main: syncSink(isJson ? getJsonLinesFormatter() : textFormatter()) },
  loggers: [
    {
      category: "app",
      sinks: ["main"],
      lowestLevel: "info",
      captureSourceLocation: SCENARIO === "caller",
    },
    { category: ["logtape", "meta"], sinks: [] },
  ],
};
configureSync(config);

const log = getLogger(["app", "db"]);
const loggers = LOGGERS.map((name) => getLogger(name.split(".")));
const child = log.with({ request: "c0ffee", user: "kim" });

/** LogTape, whose sinks are functions. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("{left} of {all} connections left", { left: at, all: 10 }),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "text": () => log.info("Got HTTP response 200."),
  "caller": () => log.info("Got HTTP response 200."),
  "json": (at) =>
    log.info("request done", {
      method: "GET",
      path: "/api/users",
      status: 200,
      duration: at,
      user: "kim",
    }),
  "child": () => child.info("Got HTTP response 200."),
};

/**
 * What the sinks that it brings do, but with each line written before the call returns: its
 * stream sink writes asynchronously, its file sink waits for the disk after each line.
 */
function syncSink(format: TextFormatter): (record: LogRecord) => void {
  const file = PATH === undefined ? Deno.stdout : Deno.openSync(PATH, { append: true });
  const encoder = new TextEncoder();
  return (record) => void file.writeSync(encoder.encode(format(record)));
}

function textFormatter(): TextFormatter {
  return getTextFormatter({
    timestamp: "date-time",
    timeZone: null,
    level: "FULL",
    category: ".",
    sanitize: false,
    sourceLocation: SCENARIO === "caller",
    format: ({ timestamp, category, level, message, sourceLocation }) => {
      const where = sourceLocation == null ? "" : `${sourceLocation} - `;
      return `${timestamp} - ${category} - ${level} - ${where}${message}`;
    },
  });
}
