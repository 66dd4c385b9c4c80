import winston from "npm:winston@3.19.0";
import { isJson, LOGGERS, NAME, type Peer } from "../peer.ts";

const { combine, timestamp, printf, json } = winston.format;
const text = printf((info) =>
  `${info.timestamp as string} - ${NAME} - ${info.level} - ${info.message as string}`
);
const log = winston.createLogger({
  level: "info",
  format: combine(timestamp(), isJson ? json() : text),
  defaultMeta: isJson ? { name: NAME } : undefined,
  transports: [new winston.transports.Console()],
});
const loggers = LOGGERS.map((name) => log.child({ name }));
const child = log.child({ request: "c0ffee", user: "kim" });

/** winston with its console transport, the one that writes synchronously. */
export const calls: Peer["calls"] = {
  "disabled": () => void log.debug("Got HTTP response 200."),
  "disabled-2-args": (at) => void log.debug("%d of %d connections left", at, 10),
  "disabled-64-loggers": (at) => void loggers[at & 63]!.debug("Got HTTP response 200."),
  "text": () => void log.info("Got HTTP response 200."),
  "json": (at) =>
    void log.info("request done", {
      method: "GET",
      path: "/api/users",
      status: 200,
      duration: at,
      user: "kim",
    }),
  "child": () => void child.info("Got HTTP response 200."),
};
