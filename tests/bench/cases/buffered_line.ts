import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";
import type { Setting } from "../calls/contestant.ts";

const LINES: readonly [scenario: Setting["scenario"], what: string, target: number][] = [
  ["buffered-text", "text", 0.3],
  ["buffered-json", "JSON with five fields", 0.35],
];

const ENDS: readonly [until: NonNullable<Setting["until"]>, name: string, what: string][] = [
  ["called", "", "the calls alone"],
  ["written", "-written", "until all is written"],
];

/** Lines that are written after the call has returned. */
export const BUFFERED_LINE: readonly Case[] = LINES.flatMap(([scenario, what, target]) =>
  ENDS.map(([until, name, when]): Case => ({
    name: `${scenario}${name}`,
    description:
      `Buffered line of ${what} to /dev/null in bursts of 2,000, ${when} (pino: its default)`,
    run(options) {
      return measureCalls({
        scenario,
        sink: "null",
        until,
        burst: 2_000,
        peers: ["pino"],
        beside: ["LogTape"],
        unit: "µs",
        target,
      }, options);
    },
  }))
);
