import type { Case, Result, RunOptions } from "../case.ts";
import { measureTail } from "../tail/measure.ts";

/** A call that is handled while nobody watches. */
export const TAIL_ENABLED: Case = {
  name: "tail-enabled",
  description: "A call to a handler that does nothing with no tail connected, after one that was",
  run({ pace }: RunOptions): Promise<Result> {
    return measureTail("enabled", pace);
  },
};
