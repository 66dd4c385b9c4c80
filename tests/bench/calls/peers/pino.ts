import { AsyncLocalStorage } from "node:async_hooks";
import type { EventEmitter } from "node:events";
import { type Logger, pino } from "npm:pino@10.4.0";
import {
  AROUND,
  BOUND,
  isBuffered,
  LOGGERS,
  NAME,
  PATH,
  type Peer,
  SCENARIO,
  SECRET_PATHS,
  SECRETS,
} from "../peer.ts";

// Without process number and host name, which the others do not print.
const storage = SCENARIO === "json-context" ? new AsyncLocalStorage<object>() : undefined;
const options = {
  base: { name: NAME },
  ...(storage && { mixin: () => storage.getStore() ?? {} }),
  ...(SCENARIO === "json-redacted" && { redact: SECRET_PATHS }),
};
const log = isBuffered
  ? pino(options)
  : pino(options, pino.destination({ dest: PATH ?? 1, sync: true, minLength: 0 }));
const loggers = LOGGERS.map((name) => log.child({ name }));
const child = SCENARIO === "child"
  ? log.child({ request: "c0ffee", user: "kim" })
  : /bound/.test(SCENARIO)
  ? log.child(BOUND)
  : log;

/** pino prints JSON and nothing else: time, level, name and message are its text line too. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("%d of %d connections left", at, 10),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "disabled-bound": () => child.debug("Got HTTP response 200."),
  "text": () => log.info("Got HTTP response 200."),
  "json": logJson,
  "buffered-text": () => log.info("Got HTTP response 200."),
  "buffered-json": logJson,
  "child": () => child.info("Got HTTP response 200."),
  "json-bound": (at) => child.info(requestFields(at), "request done"),
  "json-context": logJson,
  "json-redacted": () => log.info(SECRETS, "request done"),
};

/** As its documentation has it: a mixin that asks the storage. */
export const around: Peer["around"] = storage && ((all) => storage.run(AROUND, all));

/** Its default, a stream that says so when it has nothing left to write. */
export const flush: Peer["flush"] = isBuffered
  ? () => new Promise((resolve) => void streamOf(log).once("drain", resolve))
  : undefined;

function logJson(at: number): void {
  log.info(requestFields(at), "request done");
}

function requestFields(at: number) {
  return { method: "GET", path: "/api/users", status: 200, duration: at, by: "kim" };
}

function streamOf(logger: Logger): EventEmitter {
  return (logger as unknown as Record<symbol, EventEmitter>)[pino.symbols.streamSym]!;
}
