import type * as logtape from "npm:@logtape/logtape@2.4.2";
import { bridge } from "../../../src/bridge/logtape.ts";
import type { Adapter, CommonLevel, Instance, Made } from "../adapter.ts";

/** What of a version of LogTape the adapter uses. */
export type Logtape = Pick<typeof logtape, "configureSync" | "getLogger">;

const LEVELS = { DEBUG: "debug", INFO: "info", ERROR: "error" } as const;
const ROOT = Symbol.for("logtape.rootLogger");
const world = globalThis as { [ROOT]?: object };

/**
 * An adapter of a version of LogTape. Whichever is loaded first lends its loggers to all others, so
 * that each has a world of its own here.
 */
export async function logtapeAdapter(
  title: string,
  load: () => Promise<Logtape>,
): Promise<Adapter> {
  let root: object | undefined;
  const within = <Result>(act: () => Result): Result => {
    const others = world[ROOT];
    world[ROOT] = root;
    try {
      return act();
    } finally {
      root = world[ROOT];
      world[ROOT] = others;
    }
  };
  const others = world[ROOT];
  delete world[ROOT];
  const { configureSync, getLogger } = await load();
  root = world[ROOT];
  world[ROOT] = others;

  const sinks: Record<string, logtape.Sink> = {};
  const loggers: logtape.LoggerConfig<string, string>[] = [
    { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
  ];
  let shared = 0, undoShared = () => {};

  return {
    kind: "logtape",
    title,
    levels: LEVELS,
    loggerName: (name) => `logtape.${name}`,
    outlets: (name) => [`sinks of ${name}`],
    make(): Made {
      const lines: string[] = [];
      let log = within(() => getLogger("unused")), isBridged = false;
      return Object.assign(instanceOf(() => log), {
        lines,
        bridge(name: string) {
          // All loggers of a program are bridged at once.
          if (shared === 0 || isBridged) undoShared = within(() => bridge());
          sinks[name] = ({ message }) => void lines.push(message.join(""));
          if (!loggers.some(({ category }) => category === name)) {
            loggers.push({ category: name, lowestLevel: "info", sinks: [name] });
          }
          log = within(() => {
            configureSync({ reset: true, sinks, loggers });
            return getLogger(name);
          });
          isBridged = true;
          shared++;
          let isDone = false;
          return () => {
            if (isDone) return;
            isDone = true;
            isBridged = false;
            if (--shared === 0) undoShared();
            // As `breakInside` has left it.
            Reflect.deleteProperty(root!, "emitResolved");
          };
        },
        touched: [Object.getPrototypeOf(log), Object.getPrototypeOf(log.with({})), log],
        // As if another version called it otherwise.
        breakInside: () => Object.assign(root!, { emitResolved: undefined }),
      });
    },
  };
}

function instanceOf(current: () => logtape.Logger): Instance {
  return {
    log: (level: CommonLevel, msg, fields) => void current()[LEVELS[level]](msg, { ...fields }),
    isEnabled: (level) => current().isEnabledFor(LEVELS[level]),
    get level() {
      // The level is no part of what LogTape says that its loggers have.
      const log = current(), { logger = log } = log as { logger?: logtape.Logger };
      return String((logger as { lowestLevel?: unknown }).lowestLevel);
    },
    child(fields) {
      const child = current().with({ ...fields });
      return instanceOf(() => child);
    },
  };
}
