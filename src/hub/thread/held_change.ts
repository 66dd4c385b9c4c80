import type { ReversibleChanges } from "../../config/apply/reversible_changes.ts";
import type { PreparedChange } from "../../config/apply/change_request.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import type { LogEntry } from "../board/orders.ts";

/** Something that is held ready for a transaction. */
interface Held {
  readonly transaction: string;
  readonly prepared: PreparedChange<LogEntry>;
}

/** The change that a thread holds ready until its sender has heard of all others: one at a time. */
export class HeldChange {
  readonly #changes: ReversibleChanges<LogEntry>;
  #held: Held | undefined;

  /** Changes are built by `changes`. */
  constructor(changes: ReversibleChanges<LogEntry>) {
    this.#changes = changes;
  }

  /**
   * Builds a change and holds it.
   *
   * @throws {ConfigError} It is refused, or another one is held.
   */
  prepare(text: string, transaction: string): PreparedChange<LogEntry> {
    if (this.#held !== undefined) {
      // Whoever knows its name could end it.
      throw new ConfigError("Cannot prepare: another transaction is not over");
    }
    const prepared = this.#changes.prepare({ text });
    this.#held = { transaction, prepared };
    return prepared;
  }

  /**
   * Gives what is held to be put in force.
   *
   * @throws {ConfigError} It is another one, or none.
   */
  take(transaction: string): PreparedChange<LogEntry> {
    if (this.#held?.transaction !== transaction) {
      throw new ConfigError(`Cannot commit: transaction ${transaction} is not prepared`);
    }
    const { prepared } = this.#held;
    this.#held = undefined;
    return prepared;
  }

  /** Throws it away, if it is that one. */
  abort(transaction: string): void {
    if (this.#held?.transaction !== transaction) return;
    this.#held.prepared.abort();
    this.#held = undefined;
  }
}
