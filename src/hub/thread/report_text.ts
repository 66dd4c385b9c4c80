import { toChangeError } from "../../wire/message.ts";
import { MAX_CHARACTERS } from "../board/board.ts";
import type { Outcome, Report } from "../board/orders.ts";
import { shareAnswers } from "../board/shared_answers.ts";

/** Longest answer that stays in a report which would be too long, in characters. */
const MAX_RESULT = 65_536;

/**
 * A report as it goes on the board, which it fits on whatever the loggers are called; an outcome
 * that is no JSON is told as an error.
 */
export function reportText(report: Report): string {
  const text = jsonOf(report);
  return text.length > MAX_CHARACTERS ? JSON.stringify(shortened(report)) : text;
}

function jsonOf(report: Report): string {
  try {
    return JSON.stringify(shareAnswers(report));
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
  const outcomes = report.outcomes.map(({ id, error, result }) => ({
    id,
    ...error === undefined ? shortResult(result) : { error },
    previous: {},
    levels: {},
  }));
  return { ...report, outcomes, levels: {}, notes: {} };
}

function shortResult(result: unknown): Pick<Outcome, "result" | "error"> {
  const { length } = JSON.stringify(result) ?? "";
  if (length <= MAX_RESULT) return { result };
  const message =
    `Cannot answer: the answer has ${length} characters; with all else that is told, ` +
    `it may have ${MAX_CHARACTERS}`;
  return { error: { message } };
}
