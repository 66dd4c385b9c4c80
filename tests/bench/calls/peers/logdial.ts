import {
  FileHandler,
  flush as flushAll,
  Formatter,
  getLogger,
  type Handler,
  JsonFormatter,
  RedactFilter,
  RingHandler,
  StreamHandler,
  withContext,
} from "../../../../mod.ts";
import {
  AROUND,
  BOUND,
  isBuffered,
  isJson,
  LOGGERS,
  NAME,
  PATH,
  type Peer,
  SCENARIO,
  SECRET_PATHS,
  SECRETS,
} from "../peer.ts";

const WHERE = SCENARIO === "caller" ? "%(module)s.%(funcName)s:%(lineno)d - " : "";
const TEXT = `%(asctime)s - %(name)s - %(levelname)s - ${WHERE}%(message)s`;

const handler = makeHandler();
handler.setFormatter(isJson ? new JsonFormatter() : new Formatter(TEXT));
if (SCENARIO === "json-redacted") handler.addFilter(new RedactFilter({ paths: SECRET_PATHS }));
getLogger().setLevel("INFO");
getLogger().addHandler(handler);

const log = getLogger(NAME);
const loggers = LOGGERS.map((name) => getLogger(name));
const child = log.with({ request: "c0ffee", user: "kim" });
const bound = log.with(BOUND);

/** Ours. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("%d of %d connections left", at, 10),
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
  "json-redacted": () => log.info("request done", SECRETS),
};

/** Calls of one request. */
export const around: Peer["around"] = SCENARIO === "json-context"
  ? (all) => withContext(AROUND, all)
  : undefined;

/** All has been written when a call returns, but for the ring. */
export const flush: Peer["flush"] = isBuffered ? flushAll : undefined;

function logJson(at: number): void {
  log.info("request done", requestFields(at));
}

function requestFields(at: number) {
  return { method: "GET", path: "/api/users", status: 200, duration: at, by: "kim" };
}

function makeHandler(): Handler {
  if (isBuffered) return new RingHandler(Deno.stdout);
  return PATH === undefined ? new StreamHandler(Deno.stdout) : new FileHandler(PATH);
}
