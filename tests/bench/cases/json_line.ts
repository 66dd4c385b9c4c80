import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";
import type { SinkKind } from "../sink.ts";

const SINKS: readonly [kind: SinkKind, name: string, target: number][] = [
  ["null", "/dev/null", 0.4],
  ["pipe", "a pipe that is read", 0.5],
  ["file", "a file", 0.5],
];

/** Lines of JSON, written before the call returns. */
export const JSON_LINE: readonly Case[] = SINKS.map(([sink, where, target]) => ({
  name: `json-${sink}`,
  description: `Synchronous line of JSON with five fields of the call to ${where}`,
  run: (options) =>
    measureCalls({
      scenario: "json",
      sink,
      peers: ["pino", "LogTape", "winston", "console.log"],
      unit: "µs",
      target,
    }, options),
}));
