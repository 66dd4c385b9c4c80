import type { Report } from "../board/orders.ts";

/** Longest answer that stays in a report which would be too long, in characters. */
const MAX_RESULT = 65_536;

/** A report that fits on the board whatever the loggers are called: what is too long is refused. */
export function shortened(report: Report): Report {
  const outcomes = report.outcomes.map(({ id, error, result }) => ({
    id,
    ...error === undefined ? shortResult(result) : { error },
    previous: {},
    levels: {},
  }));
  return { ...report, outcomes, levels: {}, notes: {} };
}

function shortResult(result: unknown): Pick<Report["outcomes"][number], "result" | "error"> {
  const { length } = JSON.stringify(result) ?? "";
  if (length <= MAX_RESULT) return { result };
  return { error: { message: `Cannot answer: the answer has ${length} characters, too many` } };
}
