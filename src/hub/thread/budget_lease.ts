import type { LineBudget } from "../../core/loggers/line_budget.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { WatchedTime } from "../../core/shared/watched_time.ts";
import { Recent } from "../../core/text/recent.ts";
import type { LogEntry } from "../board/orders.ts";
import { BudgetSlot } from "../board/budget_slots.ts";

/**
 * Longest wait for lines when all that were leased are gone, in milliseconds. A thread waits only if
 * the hub has not answered while it logged half a lease, since the hub had no processor.
 */
const WAIT_MS = 20;
/** If no hub has answered for so long, in milliseconds, the hub has ended and no other has come. */
const SILENCE_MS = 3000;
/** How much of it counts between two lines: the process may have been stopped, and the hub with it. */
const MOST_AT_ONCE_MS = 1000;

/** What one thread may log of the lines of a change. */
export class BudgetLease implements LineBudget {
  readonly #slot: BudgetSlot;
  readonly #end: (lines: number, isSpent: boolean) => void;
  #taken = 0;
  /** For how long the hub has not answered; while this is set, no call waits again. */
  #unanswered: WatchedTime | undefined;

  /**
   * Lines in a slot of the thread; `end` takes the change back. It hears how many lines were taken
   * here, and whether the process has none left.
   */
  constructor(
    slots: SharedArrayBuffer,
    seq: number,
    end: (lines: number, isSpent: boolean) => void,
  ) {
    this.#slot = new BudgetSlot(slots, seq);
    this.#end = end;
  }

  /**
   * Takes a line, after a short wait if need be; without the hub's answer this line is dropped, and
   * the next one may still come out.
   */
  take(): boolean {
    if (!this.#slot.take()) {
      this.settle();
      if (!this.#slot.take()) return false;
    }
    this.#taken++;
    this.#unanswered = undefined;
    return true;
  }

  /** Gives a line back that did not come out. */
  giveBack(): void {
    this.#slot.giveBack();
    this.#taken--;
  }

  /** Ends the change if no other line is to be had. */
  settle(): void {
    if (this.#slot.left > 0 || this.#mayHaveMore()) return;
    this.#end(this.#taken, this.#slot.isOver);
  }

  #mayHaveMore(): boolean {
    if (this.#slot.isOver) return false;
    if (this.#unanswered !== undefined) return this.#unanswered.look() < SILENCE_MS;
    this.#unanswered = new WatchedTime(MOST_AT_ONCE_MS);
    this.#slot.ask();
    this.#slot.waitForMore(WAIT_MS);
    return !this.#slot.isOver;
  }
}

/** Most changes whose lines are remembered here, those that have ended included. */
const MOST_LEASES = 128;

/**
 * Makes the line budgets of changes on one thread. `end` takes a change back; it hears how many
 * lines were taken here if the process could have logged more.
 */
export function budgetLeases(
  slots: SharedArrayBuffer,
  manager: Manager,
  end: (id: string, taken: number | undefined) => void,
): (entry: LogEntry) => BudgetLease | undefined {
  const leases = new Recent<BudgetLease>(MOST_LEASES);
  const endOnce = (id: string, taken: number, isSpent: boolean) => {
    // While the loggers are being changed, `catchUp` does nothing: the next log call ends the change.
    manager.catchUp(() => end(id, isSpent ? undefined : taken));
  };
  return ({ id, seq, lines }) =>
    lines === undefined ? undefined : leases.get(
      id,
      () => new BudgetLease(slots, seq, (taken, isSpent) => endOnce(id, taken, isSpent)),
    );
}

/** How a change ended whose lines are gone, in words for `history`. */
export function spentText({ at, lines }: LogEntry, end: string, taken: number | undefined): string {
  const seconds = ((Date.parse(end) - Date.parse(at)) / 1000).toFixed(1);
  const text = taken === undefined ? `${lines} lines` : `${taken} lines here, no more to be had,`;
  return `${text} after ${seconds} s`;
}
