import { toChangeError } from "../../wire/message.ts";
import { MAX_BYTES } from "../board/board.ts";
import type { Outcome, Report } from "../board/orders.ts";

/**
 * A report as it goes on the board, which it fits on whatever the loggers are called; an outcome
 * that is no JSON is told as an error.
 */
export function reportText(report: Report): string {
  const text = jsonOf(report);
  // A character takes up to three bytes.
  return text.length > MAX_BYTES / 4 ? JSON.stringify(shortened(report)) : text;
}

function jsonOf(report: Report): string {
  try {
    return JSON.stringify(report);
  } catch {
    return JSON.stringify({ ...report, outcomes: report.outcomes.map(tellable) });
  }
}

/** What `get` has found in a program's own objects may hold itself, or have a `toJSON` that throws. */
function tellable(outcome: Outcome): Outcome {
  try {
    JSON.stringify(outcome);
    return outcome;
  } catch (error) {
    const { id, previous, levels } = outcome;
    return { id, previous, levels, error: toChangeError(error) };
  }
}

function shortened(report: Report): Report {
  const outcomes = report.outcomes.map(({ id, error }) => ({
    id,
    error,
    previous: {},
    levels: {},
  }));
  return { ...report, outcomes, levels: {}, notes: {} };
}
