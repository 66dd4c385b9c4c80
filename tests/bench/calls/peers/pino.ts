import { pino } from "npm:pino@10.4.0";
import { LOGGERS, NAME, PATH, type Peer, SCENARIO } from "../peer.ts";

// Without process number and host name, which the others do not print.
const log = pino(
  { base: { name: NAME } },
  pino.destination({ dest: PATH ?? 1, sync: true, minLength: 0 }),
);
const loggers = LOGGERS.map((name) => log.child({ name }));
const child = SCENARIO === "child" ? log.child({ request: "c0ffee", user: "kim" }) : log;

/** pino prints JSON and nothing else: time, level, name and message are its text line too. */
export const calls: Peer["calls"] = {
  "disabled": () => log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => log.debug("%d of %d connections left", at, 10),
  "disabled-64-loggers": (at) => loggers[at & 63]!.debug("Got HTTP response 200."),
  "text": () => log.info("Got HTTP response 200."),
  "json": (at) =>
    log.info(
      { method: "GET", path: "/api/users", status: 200, duration: at, user: "kim" },
      "request done",
    ),
  "child": () => child.info("Got HTTP response 200."),
};
