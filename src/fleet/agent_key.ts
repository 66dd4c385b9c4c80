import type { FleetStore } from "./fleet_store.ts";
import type { BucketEntry } from "./nats_types.ts";

/**
 * The key of what an agent tells. Agents that serve the same threads of a host share it, since the
 * next one after a crash is to overwrite what the one before has told. So it says whether another
 * one may be at it: what that tells must not be taken back by one that ends.
 */
export class AgentKey {
  readonly #store: FleetStore;
  readonly #key: string;
  readonly #silence: number;
  readonly #clock: () => number;
  /** What this one has told last. */
  #revision: number | undefined;
  #otherUntil = -Infinity;

  /** Another one is believed to be there until it has not told anything for `silence` milliseconds. */
  constructor(store: FleetStore, key: string, silence: number, clock: () => number) {
    this.#store = store;
    this.#key = key;
    this.#silence = silence;
    this.#clock = clock;
  }

  /** What was told before this one has told anything; that one may be there still. */
  async before(): Promise<BucketEntry | undefined> {
    const entry = await this.#store.told(this.#key);
    if (entry !== undefined) this.#noteOther();
    return entry;
  }

  /** Tells; what that gives asks when it was, by the server's clock. */
  async tell(report: object): Promise<() => Promise<number>> {
    const key = this.#key, before = this.#revision;
    const { revision, isOvertaken, storedAt } = await this.#store.tell(key, report, before);
    if (isOvertaken) this.#noteOther();
    this.#revision = revision;
    return storedAt;
  }

  /**
   * Takes back what was told, unless that was another agent's, or another one is there.
   *
   * @throws {Error} The server is not there, or another one has told something just now.
   */
  async leave(): Promise<void> {
    if (this.#revision === undefined || this.#clock() < this.#otherUntil) return;
    await this.#store.leave(this.#key, this.#revision);
  }

  #noteOther(): void {
    this.#otherUntil = this.#clock() + this.#silence;
  }
}
