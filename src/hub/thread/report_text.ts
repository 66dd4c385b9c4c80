import { toChangeError } from "../../wire/message.ts";
import { MAX_CHARACTERS } from "../board/board.ts";
import type { Outcome, Report } from "../board/orders.ts";
import { shareAnswers } from "../board/shared_answers.ts";

/** If a report would be too long, longer results are left out of it, in characters. */
const MAX_RESULT = 65_536;

/**
 * The text of a report for the board. It fits there, however many loggers there are and whatever
 * they are called; an outcome that JSON cannot hold is told as an error.
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

/** The outcome, or an error if JSON cannot hold it: a program's objects may be circular, or throw. */
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
