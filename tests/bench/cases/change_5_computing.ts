import type { Case, Result, RunOptions } from "../case.ts";
import { measureChange } from "../change/measure.ts";

/** A change of 5 listeners that compute and log without yielding. */
export const CHANGE_5_COMPUTING: Case = {
  name: "change-5-computing",
  description:
    "From the start of sending until the last of 5 listeners that compute and log without yielding is at the new level",
  run(options: RunOptions): Promise<Result> {
    return measureChange({ listeners: 5, computing: true, target: 0.6 }, options);
  },
};
