import { endOf, type StoredChange, type StoredDoc } from "./fleet_change.ts";
import type { FleetStore, Stored } from "./fleet_store.ts";
import { UnreadableError } from "./read_entry.ts";
import type { Wishes } from "./wanted_changes.ts";

/** What a reader needs of its agent. */
export interface ReaderOptions {
  /** The keys that may mean threads of the host now. */
  readonly keys: () => readonly string[];
  /** How often all of them are read again, in milliseconds. */
  readonly readEvery: number;
  /** The server's clock, in milliseconds. */
  readonly now: () => number;
  /** Called when something has been read, or has to be read. */
  readonly wake: () => void;
  /** Called before anything is read for the first time. */
  readonly meet: () => Promise<void>;
  /** Says what has happened, for people. */
  readonly say: (text: string) => void;
}

/** The keys of halts, which agents write for any rollout. */
const HALTS = "halt.*";

/**
 * Knows the operators' wishes for one host. The server tells of each write, which is only a hint: then
 * that key is read; and from time to time all keys are read.
 */
export class WishesReader implements Wishes {
  readonly docs: Map<string, StoredDoc> = new Map();
  readonly halted: Set<string> = new Set();
  readonly #store: FleetStore;
  readonly #options: ReaderOptions;
  /** Keys of whose writes the server has told, and which have to be read. */
  readonly #told = new Set<string>();
  /** Functions that end the subscription of a key, by the key. */
  readonly #subscribed = new Map<string, () => void>();
  /** The faults of keys that cannot be read, so that each is told once. */
  readonly #unreadable = new Map<string, string>();
  #bucket: string | undefined;
  #hasMet = false;
  #isRead = false;
  #readAt = 0;
  #readAgainAt = -Infinity;

  /** Reads from a store. */
  constructor(store: FleetStore, options: ReaderOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** The bucket's id; undefined as long as nothing has been read. */
  get bucket(): string | undefined {
    return this.#isRead ? this.#bucket : undefined;
  }

  /** When all was read last, by the server's clock. */
  get readAt(): number {
    return this.#readAt;
  }

  /** All changes that mean threads of the host, or may. */
  get changes(): StoredChange[] {
    return [...this.docs.values()].flatMap(({ changes }) => changes);
  }

  /** Whether all keys of the host are subscribed. */
  get isComplete(): boolean {
    return this.#options.keys().every((key) => this.#subscribed.has(key));
  }

  /** Makes the next reading read all keys. */
  readAll(): void {
    this.#readAgainAt = -Infinity;
    this.#options.wake();
  }

  /**
   * Reads all keys, or those of whose writes the server has told; returns whether any was due.
   *
   * @throws {Error} The server or the bucket is not there; what is known stays.
   */
  async readDue(): Promise<boolean> {
    this.#subscribe();
    const { readEvery, now } = this.#options;
    const isWhole = now() >= this.#readAgainAt;
    const keys = isWhole ? this.#allKeys() : [...this.#told];
    if (keys.length === 0) return false;
    this.#told.clear();
    let time = 0;
    try {
      if (isWhole) await this.#readBucket();
      // The server's clock is known only now.
      time = now();
      await Promise.all(keys.map((key) => this.#readKey(key, isWhole)));
      if (isWhole) await this.#readHalts();
    } catch (error) {
      for (const key of keys) this.#told.add(key);
      throw error;
    }
    this.#isRead = true;
    if (isWhole) {
      this.#readAt = Math.max(this.#readAt, time);
      this.#readAgainAt = now() + readEvery * (0.75 + Math.random() / 2);
      this.#forget(time);
    }
    return true;
  }

  /** The keys of the programs that are there, and of those that were and may be started anew. */
  #allKeys(): string[] {
    return [...new Set([...this.#options.keys(), ...this.#subscribed.keys()])]
      .filter((key) => key !== HALTS);
  }

  /** Ends subscriptions for programs that have gone and for which no change is in force. */
  #forget(now: number): void {
    const keys = new Set(this.#options.keys());
    for (const [key, unsubscribe] of this.#subscribed) {
      const isNeeded = key === HALTS || keys.has(key) ||
        this.docs.get(key)?.changes.some((change) => endOf(change) > now);
      if (isNeeded) continue;
      unsubscribe();
      for (const known of [this.#subscribed, this.docs, this.#unreadable, this.#told]) {
        known.delete(key);
      }
    }
  }

  /** Reads the bucket's id, and forgets what was known of another bucket. */
  async #readBucket(): Promise<void> {
    const bucket = await this.#store.bucketId();
    if (!this.#hasMet) await this.#options.meet();
    this.#hasMet = true;
    if (bucket === this.#bucket) return;
    if (this.#bucket !== undefined) this.#options.say("the bucket has been made anew");
    this.#bucket = bucket;
    this.docs.clear();
    this.halted.clear();
  }

  async #readKey(key: string, isWhole: boolean): Promise<void> {
    if (key.startsWith("halt.")) return await this.#readHalts();
    const stored = await this.#getOrSay(key);
    if (stored === "unreadable") return;
    if (stored === undefined) {
      this.docs.delete(key);
      return;
    }
    if (!isWhole && stored.doc.bucket !== this.#bucket) {
      // The bucket may have been made anew since: first all keys have to be read again.
      this.#readAgainAt = -Infinity;
      return;
    }
    this.docs.set(key, stored.doc);
    // Whatever was stored before this value has been told before it.
    this.#readAt = Math.max(this.#readAt, stored.stored);
  }

  /** The value of a key; if it cannot be read, that is told, and what was known of it stays. */
  async #getOrSay(key: string): Promise<Stored | "unreadable" | undefined> {
    try {
      const stored = await this.#store.get(key);
      this.#unreadable.delete(key);
      return stored;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      if (this.#unreadable.get(key) !== error.message) this.#options.say(error.message);
      this.#unreadable.set(key, error.message);
      return "unreadable";
    }
  }

  async #readHalts(): Promise<void> {
    const rollouts = this.changes.filter(({ id, rollout }) =>
      rollout !== undefined && !this.halted.has(id)
    );
    await Promise.all(rollouts.map(async ({ id }) => {
      if (await this.#store.haltOf(id) !== undefined) this.halted.add(id);
    }));
  }

  /** Subscribes to the keys that may mean threads of the host. */
  #subscribe(): void {
    for (const pattern of [...this.#options.keys(), HALTS]) {
      if (this.#subscribed.has(pattern)) continue;
      const unsubscribe = this.#store.onWritten(pattern, (key) => {
        this.#told.add(key);
        this.#options.wake();
      });
      this.#subscribed.set(pattern, unsubscribe);
      // The key may have been written before the subscription.
      if (pattern !== HALTS) this.#told.add(pattern);
    }
  }
}
