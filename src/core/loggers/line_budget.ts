/**
 * Lines that a change from outside may still bring out in this process. All loggers that it has
 * turned draw on the same ones, and so do those of other threads; see `hub/thread/line_lease.ts`.
 */
export interface LineBudget {
  /** Takes one; false if none is left, and then the change has been taken back. */
  take(): boolean;
  /** Takes the change back if that was the last one; called once the line is out. */
  settle(): void;
}

/** Of a record that was let pass by a change which was taken back before the record had paid. */
export const NO_LINES: LineBudget = { take: () => false, settle: () => {} };

/** What comes with a level that only so many records may pass thanks to. */
export interface BudgetedLevel {
  readonly lines: LineBudget;
  /** The logger's own level without the change, 0 if it would ask its parent. */
  readonly beneath: number;
  /** Whether the logger would drop everything without it. */
  readonly wasDisabled: boolean;
  /** Lowest level number that handlers would be opened for without it. */
  readonly openBeneath: number;
}

/**
 * Takes a line of the budget that `current` gives; undefined if it gives none, `null` if none is
 * left. One that has just ended is asked for again: another one may pay.
 */
export function takeLine(
  current: () => LineBudget | undefined,
): LineBudget | undefined | null {
  let lines = current();
  while (lines !== undefined && !lines.take()) {
    const next = current();
    if (next === undefined || next === lines) return null;
    lines = next;
  }
  return lines;
}

/** Hands a record on if no line is to be paid for it, or one is left. */
export function handCounted(current: () => LineBudget | undefined, handOn: () => void): void {
  const lines = takeLine(current);
  if (lines === null) return;
  try {
    return handOn();
  } finally {
    lines?.settle();
  }
}
