import type { Case, Result, RunOptions } from "../case.ts";
import { measureTail } from "../tail/measure.ts";

/** A call below the level while nobody watches. */
export const TAIL_DISABLED: Case = {
  name: "tail-disabled",
  description: "A call below the logger's level with no tail connected, after one that was",
  run({ pace }: RunOptions): Promise<Result> {
    return measureTail("disabled", pace);
  },
};
