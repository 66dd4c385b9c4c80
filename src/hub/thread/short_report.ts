import type { Report } from "../board/orders.ts";

/** A report that fits on the board whatever the loggers are called. */
export function shortened(report: Report): Report {
  const outcomes = report.outcomes.map(({ id, error }) => ({
    id,
    error,
    previous: {},
    levels: {},
  }));
  return { ...report, outcomes, levels: {}, notes: {} };
}
