import type { Case, Step } from "./case.ts";
import { compareCases, type Difference } from "./compare.ts";

/** Makes a differing case smaller as long as it still differs in the same way. */
export async function shrink(difference: Difference): Promise<Difference> {
  let smallest = difference;
  for (let round = 0; round < 60; round++) {
    const candidates = [...smallerCases(smallest.case)];
    if (candidates.length === 0) break;
    const found = await compareCases(candidates);
    const next = found?.find(({ what }) => kindOf(what) === kindOf(difference.what));
    if (next === undefined) break;
    smallest = { ...next, number: difference.number };
  }
  return smallest;
}

/** So that one fault is not exchanged for another on the way. */
function kindOf(what: string): string {
  return what.replace(/^step \d+/, "step").slice(0, 60).replace(/ours.*/s, "");
}

function* smallerCases({ steps }: Case): Iterable<Case> {
  for (let size = steps.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < steps.length; at += size) yield { steps: steps.toSpliced(at, size) };
  }
  for (const [index, step] of steps.entries()) {
    for (const smaller of smallerSteps(step)) yield { steps: steps.with(index, smaller) };
  }
}

function* smallerSteps(step: Step): Iterable<Step> {
  if (step.op === "file") {
    const lines = step.text.split("\n");
    for (const index of lines.keys()) {
      yield { ...step, text: lines.toSpliced(index, 1).join("\n") };
    }
  } else if (step.op === "dict") {
    for (const config of smallerValues(step.config)) {
      yield { ...step, config: config as Record<string, unknown> };
    }
  } else if (step.op === "probe") {
    for (const index of step.names.keys()) {
      yield { ...step, names: step.names.toSpliced(index, 1) };
    }
  }
}

function* smallerValues(value: unknown): Iterable<unknown> {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    return;
  }
  const entries = Object.entries(value);
  for (const [index, [key, item]] of entries.entries()) {
    yield Object.fromEntries(entries.toSpliced(index, 1));
    for (const smaller of smallerValues(item)) {
      yield Object.fromEntries(entries.with(index, [key, smaller]));
    }
  }
}
