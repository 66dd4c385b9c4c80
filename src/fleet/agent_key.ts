import type { FleetStore } from "./fleet_store.ts";
import type { BucketEntry } from "./nats/nats_types.ts";
import { count, fields, list, type Read } from "../wire/shape.ts";

const STRANGERS =
  "Another agent under this host's name serves other threads, and operators see those of one of them " +
  "only: give each host a name of its own, by --host-name, or hostName of joinFleet";

const readPids: Read<{ readonly threads: readonly { readonly pid: number }[] }> = fields({
  threads: list(fields({ pid: count() })),
});

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
  readonly #say: (text: string) => void;
  #hasSaid = false;
  /** The processes of another agent that tells of none of this one's. */
  #strangers: ReadonlySet<number> = new Set();

  /**
   * Another agent counts as running until it has told nothing for `silence` milliseconds; `say` is told
   * once that it serves other threads than this one.
   */
  constructor(
    store: FleetStore,
    key: string,
    silence: number,
    clock: () => number,
    say: (text: string) => void = () => {},
  ) {
    this.#store = store;
    this.#key = key;
    this.#silence = silence;
    this.#clock = clock;
    this.#say = say;
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
    const { revision, other, storedAt } = await this.#store.tell(key, report, before);
    if (other !== undefined) {
      this.#noteOther();
      this.#compare(pidsIn(() => report), pidsIn(() => other.json()));
    }
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

  /**
   * Notices an agent of another host with the same name. One of the same host may have found a program
   * that was started anew a little earlier: so it counts if it still tells of others the next time.
   */
  #compare(own: ReadonlySet<number>, others: ReadonlySet<number>): void {
    const areStrange = own.size > 0 && others.size > 0 && others.isDisjointFrom(own);
    const areAgain = areStrange && !others.isDisjointFrom(this.#strangers);
    this.#strangers = areStrange ? others : new Set();
    if (areAgain && !this.#hasSaid) this.#say(STRANGERS);
    this.#hasSaid ||= areAgain;
  }

  #noteOther(): void {
    this.#otherUntil = this.#clock() + this.#silence;
  }
}

/** The processes of a report; none of one that makes no sense. */
function pidsIn(report: () => unknown): ReadonlySet<number> {
  try {
    return new Set(readPids(report(), "").threads.map(({ pid }) => pid));
  } catch {
    return new Set();
  }
}
