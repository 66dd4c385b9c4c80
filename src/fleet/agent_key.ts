import type { FleetStore } from "./fleet_store.ts";
import type { BucketEntry } from "./nats_types.ts";

/**
 * The key under which an agent tells its report. Agents that serve the same threads of a host share
 * the key, since the next agent after a crash is to overwrite the report of the last one. So this
 * class knows whether another agent may be using the key: an agent that ends must not remove the
 * report of another one.
 */
export class AgentKey {
  readonly #store: FleetStore;
  readonly #key: string;
  readonly #silence: number;
  readonly #clock: () => number;
  /** The revision that this agent has told last. */
  #revision: number | undefined;
  #otherUntil = -Infinity;

  /** Another agent counts as running until it has told nothing for `silence` milliseconds. */
  constructor(store: FleetStore, key: string, silence: number, clock: () => number) {
    this.#store = store;
    this.#key = key;
    this.#silence = silence;
    this.#clock = clock;
  }

  /** The report that was there before this agent told anything; its agent may still be running. */
  async before(): Promise<BucketEntry | undefined> {
    const entry = await this.#store.told(this.#key);
    if (entry !== undefined) this.#noteOther();
    return entry;
  }

  /** Tells a report; resolves to a function that asks when it was stored, by the server's clock. */
  async tell(report: object): Promise<() => Promise<number>> {
    const key = this.#key, before = this.#revision;
    const { revision, isOvertaken, storedAt } = await this.#store.tell(key, report, before);
    if (isOvertaken) this.#noteOther();
    this.#revision = revision;
    return storedAt;
  }

  /**
   * Removes the report, unless another agent has told it, or is running.
   *
   * @throws {Error} The server cannot be reached, or another agent has told something just now.
   */
  async leave(): Promise<void> {
    if (this.#revision === undefined || this.#clock() < this.#otherUntil) return;
    await this.#store.leave(this.#key, this.#revision);
  }

  #noteOther(): void {
    this.#otherUntil = this.#clock() + this.#silence;
  }
}
