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
  const names = new Map<string, string>();
  let shared = 0, undoShared = () => {};

  return {
    kind: "logtape",
    title,
    levels: LEVELS,
    loggerName: (name) => names.get(name)!,
    make(): Made {
      const lines: string[] = [];
      const category = `${title.replace(/\W+/g, "_")}_${loggers.length}`;
      sinks[category] = ({ message }) => void lines.push(message.join(""));
      loggers.push({ category, lowestLevel: "info", sinks: [category] });
      const log = within(() => {
        configureSync({ reset: true, sinks, loggers });
        return getLogger(category);
      });
      let isBridged = false;
      return Object.assign(instanceOf(log), {
        lines,
        bridge(name: string) {
          names.set(name, `logtape.${category}`);
          // All loggers of a program are bridged at once.
          if (shared === 0 || isBridged) undoShared = within(() => bridge());
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

function instanceOf(log: logtape.Logger): Instance {
  // The level is no part of what LogTape says that its loggers have.
  const { logger = log } = log as { logger?: logtape.Logger };
  return {
    log: (level: CommonLevel, msg, fields) => log[LEVELS[level]](msg, { ...fields }),
    isEnabled: (level) => log.isEnabledFor(LEVELS[level]),
    get level() {
      return String((logger as { lowestLevel?: unknown }).lowestLevel);
    },
    child: (fields) => instanceOf(log.with({ ...fields })),
  };
}
