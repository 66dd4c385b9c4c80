import type { Case } from "../case.ts";
import { measureBeside, measureRecorded } from "../recorder/measure.ts";

/** What the flight recorder costs. */
export const RECORDER: readonly Case[] = [
  ...[1, 28].map((threads): Case => ({
    name: threads === 1 ? "recorder-call" : `recorder-call-${threads}`,
    description: `A recorded call below the logger's level beside the same by hand, ${
      threads === 1 ? "one thread" : `${threads} threads`
    }`,
    run: ({ pace }) => measureRecorded(threads, pace),
  })),
  {
    name: "recorder-disabled",
    description: "A call below the level of a logger that is not recorded, while another is",
    run: ({ pace }) => measureBeside("disabled", pace),
  },
  {
    name: "recorder-enabled",
    description: "A call to a handler that does nothing, of a logger that is not recorded",
    run: ({ pace }) => measureBeside("enabled", pace),
  },
];
