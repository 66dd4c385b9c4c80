import type { LossReason } from "./change_request.ts";

/** Most ids that are remembered, newest last. */
const MAX_LOST = 128;

/** What the program's own configuration does to changes that were to end by themselves. */
export const CONFIGURED: LossReason = {
  what: "configure",
  detail: "the program has configured its logging anew",
};

/** The changes that nobody has taken back, and that cannot be taken back any more. */
export class LostChanges<Change extends { readonly id: string }> {
  readonly #ids = new Set<string>();
  /** Hears of those that are over, and why. */
  onEnd: ((ended: readonly Change[], why: LossReason) => void) | undefined;
  /** Hears when the program's own configuration is in force, which nothing below is taken back from. */
  onConfigured: (() => void) | undefined;

  /** Their ids. */
  get ids(): readonly string[] {
    return [...this.#ids];
  }

  /** They are over, for that reason; without one nothing but a way back is lost. */
  add(lost: readonly Change[], why?: LossReason): void {
    for (const { id } of lost) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= MAX_LOST) break;
      this.#ids.delete(id);
    }
    if (why !== undefined && lost.length > 0) this.onEnd?.(lost, why);
  }

  /** A change has come again. */
  delete(id: string): void {
    this.#ids.delete(id);
  }
}
