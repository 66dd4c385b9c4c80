import type { Outcome, Report } from "./orders.ts";

/** The keys of an outcome whose values several outcomes may share. */
const KEYS = ["previous", "levels", "result"] as const;

/** For each of these keys, the place of its value in the list of all shared values. */
type Places = Partial<Record<typeof KEYS[number], number>>;

/** A report in which a value that several outcomes share stands once. */
interface ShortReport extends Omit<Report, "outcomes"> {
  readonly outcomes: readonly (Outcome & { readonly at?: Places })[];
  readonly shared?: readonly unknown[];
}

/**
 * Shortens a report for its way over the board: an object that several outcomes hold is told once.
 * Otherwise orders that ask for the same at one time would have answers too long together.
 */
export function shareAnswers(report: Report): ShortReport {
  const counts = new Map<unknown, number>();
  for (const outcome of report.outcomes) {
    for (const key of KEYS) counts.set(outcome[key], (counts.get(outcome[key]) ?? 0) + 1);
  }
  const isShared = (value: unknown) => isObject(value) && counts.get(value)! > 1;
  const shared = [...counts.keys()].filter(isShared);
  if (shared.length === 0) return report;
  const places = new Map(shared.map((value, at) => [value, at]));
  const outcomes = report.outcomes.map((outcome) => {
    const at: Places = {}, rest: Record<string, unknown> = { ...outcome };
    for (const key of KEYS) {
      if (!isShared(outcome[key])) continue;
      at[key] = places.get(outcome[key])!;
      delete rest[key];
    }
    return { ...rest, at } as Outcome & { at: Places };
  });
  return { ...report, outcomes, shared };
}

/** The report of {@linkcode shareAnswers}, from its text. */
export function readReport(text: string): Report {
  const { shared, ...report } = JSON.parse(text) as ShortReport;
  if (shared === undefined) return report;
  const outcomes = report.outcomes.map(({ at = {}, ...outcome }) => {
    const values = Object.entries(at).map(([key, place]) => [key, shared[place]]);
    return { ...outcome, ...Object.fromEntries(values) } as Outcome;
  });
  return { ...report, outcomes };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
