import type { LossReason } from "./change_request.ts";

/** How many ids are remembered; the oldest are forgotten first. */
const MAX_LOST = 128;

/** Why overrides are over once the program has configured itself. */
export const CONFIGURED: LossReason = {
  what: "configure",
  detail: "the program has configured its logging anew",
};

/** The changes that nobody has taken back, and that cannot be taken back any more. */
export class LostChanges<Change extends { readonly id: string }> {
  readonly #ids = new Set<string>();
  /** Is called with changes that are over, and why. */
  onEnd: ((ended: readonly Change[], why: LossReason) => void) | undefined;
  /** Is called when the program has configured itself: nothing before that can be taken back. */
  onConfigured: (() => void) | undefined;

  /** The ids of these changes, the oldest first. */
  get ids(): readonly string[] {
    return [...this.#ids];
  }

  /** Adds changes that are over for a reason; without one they stay, but cannot be taken back. */
  add(lost: readonly Change[], why?: LossReason): void {
    for (const { id } of lost) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= MAX_LOST) break;
      this.#ids.delete(id);
    }
    if (why !== undefined && lost.length > 0) this.onEnd?.(lost, why);
  }

  /** Removes a change, which has come again. */
  delete(id: string): void {
    this.#ids.delete(id);
  }
}
