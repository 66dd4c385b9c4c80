import type { Case } from "../case.ts";
import { measureCalls } from "../calls/measure.ts";

/** Lines that tell where they were logged. */
export const CALLER_INFO: Case = {
  name: "caller",
  description: "Synchronous text line with module, function and line number to /dev/null",
  run(options) {
    return measureCalls({
      scenario: "caller",
      sink: "null",
      peers: ["CPython"],
      beside: ["LogTape"],
      floor: false,
      unit: "µs",
      target: 1.1,
    }, options);
  },
};
