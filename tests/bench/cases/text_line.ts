import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";
import type { SinkKind } from "../sink.ts";

const SINKS: readonly [kind: SinkKind, name: string, target: number][] = [
  ["null", "/dev/null", 0.35],
  ["pipe", "a pipe that is read", 0.5],
  ["file", "a file", 0.55],
];

/** Text lines, written before the call returns. */
export const TEXT_LINE: readonly Case[] = SINKS.map(([sink, where, target]) => ({
  name: `text-${sink}`,
  description: `Synchronous text line with time, name, level and message to ${where} (pino: JSON)`,
  run: (options) =>
    measureCalls({
      scenario: "text",
      sink,
      peers: ["pino", "LogTape", "winston", "console.log", "CPython"],
      unit: "µs",
      target,
    }, options),
}));
