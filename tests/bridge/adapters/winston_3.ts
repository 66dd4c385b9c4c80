import { Writable } from "node:stream";
import winston from "npm:winston@3.19.0";
import { bridge } from "../../../src/bridge/winston.ts";
import type { WinstonLogger } from "../../../src/bridge/winston.ts";
import type { Adapter, CommonLevel, Instance, Made } from "../adapter.ts";

const LEVELS = { DEBUG: "debug", INFO: "info", ERROR: "error" } as const;
/** More than a file of tests makes. */
const MOST = 20;

/** A logger of winston's that writes to `lines`. */
interface Ready {
  readonly log: winston.Logger;
  readonly lines: string[];
}

function makeReady(): Ready {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)).message);
      done();
    },
  });
  const log = winston.createLogger({ transports: [new winston.transports.Stream({ stream })] });
  return { log, lines };
}

// Its streams hold lines back until they have begun to flow, once the thread has yielded.
const ready = Array.from({ length: MOST }, makeReady);
const flowing = ready.map(({ log }) =>
  new Promise<void>((resolve) => {
    log.once("data", () => resolve());
    log.error("the first");
  })
);
await Promise.all(flowing);

/** winston 3. */
export const ADAPTER: Adapter = {
  kind: "winston",
  title: "winston 3.19.0",
  levels: LEVELS,
  outlets: () => ["Stream"],
  make(): Made {
    const { log, lines } = ready.pop()!;
    lines.length = 0;
    return Object.assign(instanceOf(log), {
      lines,
      bridge: (name: string) => bridge(log, { name }),
      touched: [log, Object.getPrototypeOf(log), ...log.transports],
      breakInside: () => void Object.preventExtensions(log),
    });
  },
};

function instanceOf(log: winston.Logger): Instance {
  return {
    log: (level, msg, fields) => void log.log(LEVELS[level], msg, ...fields ? [fields] : []),
    isEnabled: (level) => log.isLevelEnabled(LEVELS[level]),
    get level() {
      return log.level;
    },
    setLevel: (level: CommonLevel) => void (log.level = LEVELS[level]),
    child: (fields) => instanceOf(log.child(fields)),
  };
}

/** The real type is one that a bridge takes. */
export type Takes = winston.Logger extends WinstonLogger ? true : never;
const TAKES: Takes = true;
void TAKES;
