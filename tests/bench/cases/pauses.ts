import type { Case } from "../case.ts";
import { measureFullRing, measurePauseOfChange, measureRotation } from "../pause/measure.ts";

/** The longest that a log call takes, the median of rounds. */
export const PAUSES: readonly Case[] = [
  {
    name: "pause-change",
    description: "Longest log call while a change of 1,000 loggers comes",
    run: measurePauseOfChange,
  },
  {
    name: "pause-full-ring",
    description: "Longest of 100,000 buffered log calls in a row into a pipe",
    run: measureFullRing,
  },
  {
    name: "pause-rotation",
    description: "Longest of 20,000 log calls into a file that is rotated meanwhile",
    run: measureRotation,
  },
];
