import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";

/** Lines with fields that were bound before. */
export const CHILD_LINE: Case = {
  name: "child",
  description: "Synchronous line of JSON with two fields that a child or an adapter adds",
  run(options) {
    return measureCalls({
      scenario: "child",
      sink: "null",
      peers: ["pino", "LogTape", "winston"],
      floor: false,
      unit: "µs",
    }, options);
  },
};
