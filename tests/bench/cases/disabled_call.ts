import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";

const COMMON = {
  sink: "null",
  peers: ["pino"],
  beside: ["LogTape", "winston", "CPython"],
  unit: "ns",
} as const;

/** A call below the level. */
export const DISABLED_CALL: readonly Case[] = [
  {
    name: "disabled-call",
    description: "A call below the level",
    run: (options) => measureCalls({ ...COMMON, scenario: "disabled", target: 1 }, options),
  },
  {
    name: "disabled-call-2-args",
    description: "A call below the level with two arguments",
    run: (options) => measureCalls({ ...COMMON, scenario: "disabled-2-args", target: 1 }, options),
  },
  {
    name: "disabled-bound",
    description: "A call below the level on a logger with three bound fields",
    run: (options) =>
      measureCalls({
        ...COMMON,
        beside: ["LogTape"],
        scenario: "disabled-bound",
        floor: false,
      }, options),
  },
  {
    name: "disabled-64-loggers",
    description: "Calls below the level on 64 loggers in turn",
    run: (options) =>
      measureCalls({ ...COMMON, scenario: "disabled-64-loggers", target: 1.5 }, options),
  },
];
