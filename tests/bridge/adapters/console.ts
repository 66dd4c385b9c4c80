import { bridge } from "../../../src/bridge/console.ts";
import type { Adapter, Made } from "../adapter.ts";

const METHODS = { DEBUG: "debug", INFO: "log", ERROR: "error" } as const;

/** A console that writes to an array; programs have one, and tests would lose theirs. */
export const ADAPTER: Adapter = {
  kind: "console",
  title: "console",
  isLoud: true,
  make(): Made {
    const lines: string[] = [];
    const write = (...data: unknown[]) => void lines.push(data.join(" "));
    const own = { debug: write, log: write, info: write, warn: write, error: write, trace: write };
    return {
      lines,
      log: (level, msg, fields) =>
        fields === undefined ? own[METHODS[level]](msg) : own[METHODS[level]](msg, fields),
      bridge: (name) => bridge({ name, console: own }),
      touched: [own],
    };
  },
};
