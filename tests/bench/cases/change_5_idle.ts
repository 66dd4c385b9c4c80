import type { Case, Result, RunOptions } from "../case.ts";
import { measureChange } from "../change/measure.ts";

/** A change of 5 listeners that wait. */
export const CHANGE_5_IDLE: Case = {
  name: "change-5-idle",
  description:
    "From the start of sending until the last of 5 listeners that wait is at the new level",
  run(options: RunOptions): Promise<Result> {
    return measureChange({ listeners: 5, computing: false, target: 0.9 }, options);
  },
};
