import {
  FileHandler,
  flush as flushAll,
  Formatter,
  getLogger,
  type Handler,
  JsonFormatter,
  LoggerAdapter,
  RingHandler,
  StreamHandler,
} from "../../../../mod.ts";
import { isBuffered, isJson, LOGGERS, NAME, PATH, type Peer, SCENARIO } from "../peer.ts";

const WHERE = SCENARIO === "caller" ? "%(module)s.%(funcName)s:%(lineno)d - " : "";
const TEXT = `%(asctime)s - %(name)s - %(levelname)s - ${WHERE}%(message)s`;

const handler = makeHandler();
handler.setFormatter(isJson ? new JsonFormatter() : new Formatter(TEXT));
getLogger().setLevel("INFO");
getLogger().addHandler(handler);

const log = getLogger(NAME);
const loggers = LOGGERS.map((name) => getLogger(name));
const child = new LoggerAdapter(log, { request: "c0ffee", user: "kim" });

/** Ours. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("%d of %d connections left", at, 10),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "text": () => log.info("Got HTTP response 200."),
  "caller": () => log.info("Got HTTP response 200."),
  "json": logJson,
  "buffered-text": () => log.info("Got HTTP response 200."),
  "buffered-json": logJson,
  "child": () => child.info("Got HTTP response 200."),
};

/** All has been written when a call returns, but for the ring. */
export const flush: Peer["flush"] = isBuffered ? flushAll : undefined;

function logJson(at: number): void {
  log.info("request done", {
    method: "GET",
    path: "/api/users",
    status: 200,
    duration: at,
    user: "kim",
  });
}

function makeHandler(): Handler {
  if (isBuffered) return new RingHandler(Deno.stdout);
  return PATH === undefined ? new StreamHandler(Deno.stdout) : new FileHandler(PATH);
}
