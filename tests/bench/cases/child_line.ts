import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";

const COMMON = { sink: "null", floor: false, unit: "µs" } as const;

/** Lines with fields that were bound before, or are around the call. */
export const CHILD_LINE: readonly Case[] = [
  {
    name: "child",
    description: "Synchronous line of JSON with two bound fields",
    run: (options) =>
      measureCalls({
        ...COMMON,
        scenario: "child",
        peers: ["pino", "LogTape", "winston"],
        target: 0.6,
      }, options),
  },
  {
    name: "json-bound",
    description: "Synchronous line of JSON with five fields of the call and three bound ones",
    run: (options) =>
      measureCalls({
        ...COMMON,
        scenario: "json-bound",
        peers: ["pino"],
        beside: ["LogTape"],
        target: 0.5,
      }, options),
  },
  {
    name: "json-context",
    description: "Synchronous line of JSON with five fields of the call and two of a context",
    run: (options) =>
      measureCalls({
        ...COMMON,
        scenario: "json-context",
        peers: ["pino"],
        beside: ["LogTape"],
        target: 0.5,
      }, options),
  },
  {
    name: "json-redacted",
    description: "Synchronous line of JSON with three of its fields redacted",
    run: (options) =>
      measureCalls({
        ...COMMON,
        scenario: "json-redacted",
        peers: ["pino"],
        target: 1.2,
      }, options),
  },
];
