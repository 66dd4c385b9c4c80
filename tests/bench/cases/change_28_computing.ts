import type { Case, Result, RunOptions } from "../case.ts";
import { measureChange } from "../change/measure.ts";

/** A change of 28 listeners that compute and log without yielding. */
export const CHANGE_28_COMPUTING: Case = {
  name: "change-28-computing",
  description:
    "From the start of sending until the last of 28 listeners that compute and log without yielding is at the new level",
  run(options: RunOptions): Promise<Result> {
    return measureChange({ listeners: 28, computing: true, target: 0.6 }, options);
  },
};
