import type { Case } from "../case.ts";
import { measureFirst } from "../threads/measure_first.ts";
import { measureThreads } from "../threads/measure.ts";

const COUNTS = [1, 4, 28];

function inWords(threads: number): string {
  return threads === 1 ? "One thread logs" : `${threads} threads log`;
}

/** Lines that each are written before their call returns. */
const SYNCHRONOUS = COUNTS.map((threads): Case => ({
  name: `threads-${threads}`,
  description: `${inWords(threads)} text synchronously into one pipe, lines checked`,
  run: (options) =>
    measureThreads({
      scenario: "text",
      threads,
      peers: ["pino", "LogTape", "console.log"],
      target: 0.5,
    }, options),
}));

/** Lines that wait. */
const BUFFERED = COUNTS.map((threads): Case => ({
  name: `threads-${threads}-buffered`,
  description: `${inWords(threads)} text with buffers into one pipe until all is written`,
  run(options) {
    return measureThreads({
      scenario: "buffered-text",
      threads,
      peers: ["pino"],
      target: 0.25,
    }, options);
  },
}));

/** Lines that wait, of threads that have never logged before. */
const FIRST = ([[4, 0.35], [28, 0.45]] as const).map(([threads, target]): Case => ({
  name: `threads-${threads}-first`,
  description: `${inWords(threads)} 50,000 lines each with buffers into one pipe, without warm-up`,
  run: (options) => measureFirst(threads, target, options),
}));

/** Many threads and one pipe. */
export const THREADS: readonly Case[] = [...SYNCHRONOUS, ...BUFFERED, ...FIRST];
