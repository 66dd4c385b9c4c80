import type { Case, Result, RunOptions } from "../case.ts";
import { measureChange } from "../change/measure.ts";

/** A change of 28 listeners that wait. */
export const CHANGE_28_IDLE: Case = {
  name: "change-28-idle",
  description:
    "From the start of sending until the last of 28 listeners that wait is at the new level",
  run(options: RunOptions): Promise<Result> {
    return measureChange({ listeners: 28, computing: false, target: 0.6 }, options);
  },
};
