import type { ReversibleChanges } from "../../config/apply/reversible_changes.ts";
import type { PreparedChange } from "../../config/apply/change_request.ts";
import type { ConfigPreview } from "../../config/apply/prepared_config.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { getLevelName } from "../../core/levels/levels.ts";
import { toldTexts } from "../../wire/told_texts.ts";
import type { Preview } from "../../wire/message.ts";
import type { LogEntry } from "../board/orders.ts";
import { HISTORY_LOGGER, scopeLine } from "./history.ts";
import { levelNames } from "./told_levels.ts";

/** Something that is held ready for a transaction. */
interface Held {
  readonly transaction: string;
  readonly text: string;
  readonly prepared: PreparedChange<LogEntry>;
}

/** The change that a thread holds ready until its sender has heard of all others: one at a time. */
export class HeldChange {
  readonly #changes: ReversibleChanges<LogEntry>;
  #held: Held | undefined;

  /** `changes` builds the changes. */
  constructor(changes: ReversibleChanges<LogEntry>) {
    this.#changes = changes;
  }

  /**
   * Builds a change and throws it away; returns what it would do.
   *
   * @throws {ConfigError} It is refused.
   */
  check(text: string): Preview {
    const prepared = this.#changes.prepare({ text });
    try {
      return previewOf(prepared.preview());
    } finally {
      prepared.abort();
    }
  }

  /**
   * Builds a change and holds it; returns what it will do.
   *
   * @throws {ConfigError} It is refused, or another one is held.
   */
  prepare(text: string, transaction: string): Preview {
    if (this.#held !== undefined) {
      // The transaction is not named: whoever knows its name could end it.
      throw new ConfigError("Cannot prepare: another transaction is not over");
    }
    const prepared = this.#changes.prepare({ text });
    this.#held = { transaction, text, prepared };
    return previewOf(prepared.preview());
  }

  /**
   * Returns the change that is held and its text, for it to be put in force.
   *
   * @throws {ConfigError} Another transaction's change is held, or none.
   */
  take(transaction: string): Pick<Held, "prepared" | "text"> {
    if (this.#held?.transaction !== transaction) {
      throw new ConfigError(`Cannot commit: transaction ${transaction} is not prepared`);
    }
    const { prepared, text } = this.#held;
    this.#held = undefined;
    return { prepared, text };
  }

  /** Whether a transaction's change is in force already, so that there is nothing to commit. */
  isDone(transaction: string): boolean {
    return this.#held?.transaction !== transaction &&
      this.#changes.inForce.some(({ id }) => id === transaction);
  }

  /** Throws away the change that is held, if it is that transaction's. */
  abort(transaction: string): void {
    if (this.#held?.transaction === transaction) this.letGo();
  }

  /** Throws away whichever change is held: the hub that could have ended it has gone. */
  letGo(): void {
    this.#held?.prepared.abort();
    this.#held = undefined;
  }
}

/** What a configuration would change, in the form in which a sender is told. */
function previewOf(
  { levels, scopes = [], disabled, handlers, dropped }: ConfigPreview,
): Preview {
  return toldTexts({
    levels: levelNames(levels),
    ...scopes.length > 0 ? { scopes: scopes.map(scopeLine) } : {},
    // The history logger does not count: the history enables it again.
    disabled: disabled.filter((name) => name !== HISTORY_LOGGER),
    ...handlers.length > 0 ? { handlers: handlers.map(namedLevels) } : {},
    ...dropped.length > 0 ? { dropped } : {},
  });
}

function namedLevels({ name, previous, level }: ConfigPreview["handlers"][number]) {
  return {
    name,
    previous: previous === undefined ? undefined : getLevelName(previous),
    level: getLevelName(level),
  };
}
