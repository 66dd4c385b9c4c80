import type { Case } from "../case.ts";
import { measureServe } from "../serve/measure.ts";

/** A server that logs a line of JSON with five fields for each request, kept busy. */
export const SERVE: readonly Case[] = [
  {
    name: "serve-ring",
    description:
      "Request to a busy server that logs by RingHandler into a pipe, and without logging",
    run: (options) =>
      measureServe({
        ours: "RingHandler",
        peers: ["no logging"],
        beside: ["StreamHandler", "pino"],
        floor: "a buffer by hand",
        // 0.9 of the requests a second.
        target: 1.11,
      }, options),
  },
  {
    name: "serve-stream",
    description: "Request to a busy server that logs by StreamHandler into a pipe, and by others",
    run: (options) =>
      measureServe({
        ours: "StreamHandler",
        peers: ["pino", "console.log"],
        // LogTape drops what its buffer does not hold.
        beside: ["LogTape", "no logging"],
        floor: "a write per line by hand",
        target: 1,
      }, options),
  },
];
