import type { Level as PinoLevel, Logger, pino } from "npm:pino@10.4.0";
import { bridge } from "../../../src/bridge/pino.ts";
import type { PinoLogger } from "../../../src/bridge/pino.ts";
import type { Adapter, CommonLevel, Instance, Made } from "../adapter.ts";

const LEVELS = { DEBUG: "debug", INFO: "info", ERROR: "error" } as const;

/** An adapter of a version of pino. */
export function pinoAdapter(title: string, make: typeof pino): Adapter {
  return {
    kind: "pino",
    title,
    levels: LEVELS,
    childLogger: (name, level) => `${name}.${LEVELS[level]}`,
    make(): Made {
      const lines: string[] = [];
      const write = (line: string) => void lines.push(JSON.parse(line).msg);
      const log = make({ level: "info" }, { write });
      return Object.assign(instanceOf(log), {
        lines,
        bridge: (name: string) => bridge(log, { name }),
        touched: [log, Object.getPrototypeOf(log)],
        breakInside() {
          // As if another version called it otherwise.
          const proto = Object.getPrototypeOf(Object.getPrototypeOf(log));
          const symbol = Object.getOwnPropertySymbols(proto)
            .find(({ description }) => description === "pino.setLevel")!;
          const all = new Map(
            Reflect.ownKeys(proto).map((key) => [
              key,
              Object.getOwnPropertyDescriptor(proto, key)!,
            ]),
          );
          const setLevel = all.get(symbol)!;
          all.delete(symbol);
          const level = {
            get: proto.__lookupGetter__("level"),
            set: (level: string) => setLevel.value.call(log, level),
          };
          const other = {
            ...Object.fromEntries(all),
            level,
            [Symbol("pino.putLevel")]: setLevel,
          };
          Object.setPrototypeOf(log, Object.create(Object.getPrototypeOf(proto), other));
        },
      });
    },
  };
}

function instanceOf(log: Logger): Instance {
  const word = (level: CommonLevel): PinoLevel => LEVELS[level];
  return {
    log: (level, msg, fields) =>
      fields === undefined ? log[word(level)](msg) : log[word(level)](fields, msg),
    isEnabled: (level) => log.isLevelEnabled(word(level)),
    get level() {
      return log.level;
    },
    setLevel: (level) => void (log.level = word(level)),
    child: (fields) => instanceOf(log.child(fields)),
    childAt: (level) => instanceOf(log.child({}, { level: word(level) })),
  };
}

/** The real type is one that a bridge takes. */
export type Takes = Logger extends PinoLogger ? true : never;
const TAKES: Takes = true;
void TAKES;
