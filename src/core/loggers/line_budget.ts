import type { LogRecord } from "../records/log_record.ts";

/**
 * Lines that a change from outside may still bring out in this process. All loggers that it has
 * turned draw on the same ones, and so do those of other threads; see `hub/thread/budget_lease.ts`.
 */
export interface LineBudget {
  /** Takes one; false if none is left, and then the change has been taken back. */
  take(): boolean;
  /** Gives one back that was taken for a record that no handler has written; else that counts too. */
  giveBack?(): void;
  /** Takes the change back if that was the last one; called once the line is out. */
  settle(): void;
}

/** The budget of a record whose change was taken back before the record had taken a line. */
export const NO_LINES: LineBudget = { take: () => false, settle: () => {} };

/** What belongs to a level thanks to which only so many records may pass. */
export interface BudgetedLevel {
  readonly lines: LineBudget;
  /** The logger's own level without the change, 0 if it would ask its parent. */
  readonly beneath: number;
  /** Whether the logger would drop everything without the change. */
  readonly wasDisabled: boolean;
  /** Lowest level number for which handlers would be opened without the change. */
  readonly openBeneath: number;
}

/**
 * Takes a line of the budget that `current` gives, and returns that budget; undefined if it gives
 * none, `null` if no line is left. If a budget has just ended, `current` is asked again.
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

/** What a record costs that comes out thanks to a change for so many lines. */
export interface Price {
  readonly record: LogRecord;
  /** The lines of that change. */
  readonly lines: LineBudget;
  /** Whether a handler has written the record, which has paid. */
  isPaid: boolean;
}

/** That of the record that handlers are being given. */
let price: Price | undefined;

/**
 * The price of a record that handlers are being given; undefined if it costs nothing. A handler that
 * keeps the record is to ask now, and to pay when the record comes out.
 */
export function priceOf(record: LogRecord): Price | undefined {
  return price?.record === record ? price : undefined;
}

/**
 * Hands a record on if no line is to be paid for it, or one is left, and returns what `handOn` does:
 * false if no handler has written the record.
 */
export function handCounted<T>(
  record: LogRecord,
  current: () => LineBudget | undefined,
  handOn: () => T,
): T | undefined {
  const lines = takeLine(current);
  if (lines === null) return undefined;
  return lines === undefined ? handOn() : handPaid(record, lines, handOn);
}

/** Hands on a record that has taken a line, which it gives back if no handler has written it. */
export function handPaid<T>(record: LogRecord, lines: LineBudget, handOn: () => T): T {
  const outer = price, own = { record, lines, isPaid: false };
  let result: T | undefined;
  price = own;
  try {
    return result = handOn();
  } finally {
    price = outer;
    own.isPaid = result !== false;
    if (!own.isPaid) lines.giveBack?.();
    lines.settle();
  }
}
