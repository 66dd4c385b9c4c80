import debug from "npm:debug@4.4.3";
import setup from "npm:debug@4.4.3/src/common.js";
import { bridge } from "../../../src/bridge/debug.ts";
import type { Adapter, Made } from "../adapter.ts";

/** What a copy of the module is made of, from the module that this process has. */
const ENV = ["init", "formatArgs", "save", "load", "useColors", "colors", "inspectOpts"] as const;

/** debug, of which each logger is a copy of the module: all its state is there. */
export const ADAPTER: Adapter = {
  kind: "debug",
  title: "debug 4.4.3",
  only: ["DEBUG"],
  loggerName: (name) => `${name}.app.db`,
  make(): Made {
    const lines: string[] = [];
    const env = Object.fromEntries(
      ENV.map((key) => [key, (debug as unknown as Record<string, unknown>)[key]]),
    );
    const copy = (setup as unknown as (env: object) => typeof debug)({
      ...env,
      // As that of the module, but for where it goes, and for what it keeps in the environment.
      log: (...args: unknown[]) => void lines.push(args.join(" ")),
      save() {},
      load() {},
    });
    const log = copy("app:db");
    return {
      lines,
      log(level, msg, fields) {
        if (level !== "DEBUG") return;
        if (fields === undefined) log(msg);
        else log(msg, fields);
      },
      isEnabled: (level) => level === "DEBUG" && log.enabled,
      bridge: (name) => bridge(copy, { name }),
      touched: [copy, log],
    };
  },
};
