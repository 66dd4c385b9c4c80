import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Config,
  configure,
  type Drainable,
  getJsonLinesFormatter,
  getLogger,
  getStreamSink,
  getTextFormatter,
  type LogRecord,
  type Sink,
  type TextFormatter,
  withContext,
} from "npm:@logtape/logtape@2.4.2";
import { AROUND, BOUND, isBuffered, isJson, LOGGERS, PATH, type Peer, SCENARIO } from "../peer.ts";

const format = isJson ? getJsonLinesFormatter() : textFormatter();
const stream = isBuffered ? bufferedSink() : undefined;
const config: Config<"main", never> = {
  sinks: { main: stream ?? syncSink },
  ...(SCENARIO === "json-context" && { contextLocalStorage: new AsyncLocalStorage() }),
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
await configure(config);

const file = PATH === undefined ? Deno.stdout : Deno.openSync(PATH, { append: true });
const encoder = new TextEncoder();
const log = getLogger(["app", "db"]);
const loggers = LOGGERS.map((name) => getLogger(name.split(".")));
const child = log.with({ request: "c0ffee", user: "kim" });
const bound = log.with(BOUND);

/** LogTape, whose sinks are functions. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("{left} of {all} connections left", { left: at, all: 10 }),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "disabled-bound": () => bound.debug("Got HTTP response 200."),
  "text": () => log.info("Got HTTP response 200."),
  "caller": () => log.info("Got HTTP response 200."),
  "json": logJson,
  "buffered-text": () => log.info("Got HTTP response 200."),
  "buffered-json": logJson,
  "child": () => child.info("Got HTTP response 200."),
  "json-bound": (at) => bound.info("request done", requestFields(at)),
  "json-context": logJson,
};

/** By its implicit contexts. */
export const around: Peer["around"] = SCENARIO === "json-context"
  ? (all) => withContext(AROUND, all)
  : undefined;

/** Resolves when the buffered sink has nothing left to write. */
export const flush: Peer["flush"] = stream && (() => stream.drain());

function logJson(at: number): void {
  log.info("request done", requestFields(at));
}

function requestFields(at: number) {
  return { method: "GET", path: "/api/users", status: 200, duration: at, by: "kim" };
}

/**
 * What the sinks that it brings do, but with each line written before the call returns: its
 * stream sink writes asynchronously, its file sink waits for the disk after each line.
 */
function syncSink(record: LogRecord): void {
  file.writeSync(encoder.encode(format(record)));
}

/** Its stream sink; it drops what does not fit, so that all of a burst has to. */
function bufferedSink(): Sink & Drainable {
  const nonBlocking = { bufferSize: 1 << 16, flushInterval: 100 };
  return getStreamSink(Deno.stdout.writable, { formatter: format, nonBlocking }) as
    & Sink
    & Drainable;
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
