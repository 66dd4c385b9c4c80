import log4js from "npm:log4js@6.9.1";
import { bridge } from "../../../src/bridge/log4js.ts";
import type { Adapter, CommonLevel, Instance, Made } from "../adapter.ts";

const LEVELS = { DEBUG: "DEBUG", INFO: "INFO", ERROR: "ERROR" } as const;

const lines = new Map<string, string[]>();
/** An appender that notes the text of each line by its category. */
const noting = {
  configure: () => ({ categoryName, data }: log4js.LoggingEvent) =>
    void lines.get(categoryName)?.push(String(data[0])),
};

log4js.configure({
  appenders: { noting: { type: noting } },
  categories: { default: { appenders: ["noting"], level: "info" } },
});
let shared = 0, undoShared = () => {};

/** log4js 6, of which each logger is a category: the whole module is bridged at once. */
export const ADAPTER: Adapter = {
  kind: "log4js",
  title: "log4js 6.9.1",
  levels: LEVELS,
  loggerName: (name) => `log4js.${name}`,
  make(): Made {
    let log = log4js.getLogger("unused"), isBridged = false;
    const mine: string[] = [];
    return Object.assign(instanceOf(() => log), {
      lines: mine,
      bridge(name: string) {
        if (shared === 0 || isBridged) undoShared = bridge(log4js);
        lines.set(name, mine);
        log = log4js.getLogger(name);
        isBridged = true;
        shared++;
        let isDone = false;
        return () => {
          if (isDone) return;
          isDone = true;
          isBridged = false;
          if (--shared === 0) undoShared();
          // What the suite has set by log4js' own means stays, as without a bridge.
          log.level = "info";
        };
      },
      touched: [Object.getPrototypeOf(log), log4js],
    });
  },
};

function instanceOf(current: () => log4js.Logger): Instance {
  return {
    log: (level: CommonLevel, msg, fields) => current().log(level, msg, ...fields ? [fields] : []),
    isEnabled: (level) => current().isLevelEnabled(level),
    get level() {
      return String(current().level);
    },
    setLevel: (level) => void (current().level = level),
  };
}
