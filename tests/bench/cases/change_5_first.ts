import type { Case } from "../case.ts";
import { measureFirstChange } from "../change/measure_first.ts";

/** The first change of 5 listeners. */
export const CHANGE_5_FIRST: Case = {
  name: "change-5-first",
  description:
    "As change-5-idle, for the first change, half a second after the start of the listeners",
  run: (options) => measureFirstChange(5, options),
};
