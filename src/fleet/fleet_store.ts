import { pause } from "../core/runtime/pause.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { beginWatch } from "./nats/bucket_watch.ts";
import { readDoc, type StoredDoc } from "./fleet_change.ts";
import { BUCKET, haltKey, LIVE, SEEN_BUCKET } from "./fleet_keys.ts";
import { getEntry, revisionOf } from "./nats/get_entry.ts";
import { lastOfKeys, listEntries } from "./nats/list_entries.ts";
import {
  connectNats,
  isUnanswered,
  type Nats,
  type NatsOptions,
  natsReason,
  placesOf,
  refusalHint,
} from "./nats/nats_connect.ts";
import type { Bucket, BucketEntry, BucketWatch } from "./nats/nats_types.ts";
import { readWish } from "./read_entry.ts";
import { readHalt } from "./read_halt.ts";
import { bucketFault, NOT_ENABLED, refusedWrite } from "./nats/refused_write.ts";
import { type Republish, settingFaults } from "./nats/setting_faults.ts";
import type { Halt } from "./rollout.ts";

/** Where the server repeats what is written to the bucket of changes, so that agents hear of it. */
const REPUBLISH: Republish = { src: `$KV.${BUCKET}.>`, dest: `${LIVE}.>` };
/** How many revisions of a key are kept, for the history. */
const HISTORY = 32;
/** How long reports are kept, in milliseconds: so long the status shows agents that have gone. */
const SEEN_MS = 86_400_000;
/** Most bytes that the server counts of a message beside its value. */
const HEADER_BYTES = 1000;
/** How many times a server is asked to make a bucket; each time it has five seconds. */
const CREATE_ATTEMPTS = 3;

/** A value of a key with what the server says of it. */
export interface Stored {
  readonly doc: StoredDoc;
  readonly revision: number;
  /** When it was stored, by the server's clock. */
  readonly stored: number;
}

/** The outcome of telling a report. */
export interface ToldReport {
  readonly revision: number;
  /** What somebody else has told under the key since. */
  readonly other?: BucketEntry;
  /** Asks when it was stored, by the server's clock. */
  readonly storedAt: () => Promise<number>;
}

/** The two buckets of a fleet on a NATS server. */
export class FleetStore {
  readonly #nats: Nats;
  readonly #options: NatsOptions;
  #wishes: Bucket | undefined;
  #seen: Bucket | undefined;
  /** How much the server's clock is ahead of this host's, in milliseconds. */
  #ahead = 0;
  #settingFaults: readonly string[] = [];
  /** Rejects when the server does not let a list go on. */
  readonly #stopped = Promise.withResolvers<never>();

  private constructor(nats: Nats, options: NatsOptions) {
    this.#nats = nats;
    this.#options = options;
    void this.#noteRefusals();
    // There may be no list that hears of it.
    this.#stopped.promise.catch(() => {});
  }

  /**
   * Connects to the server.
   *
   * @throws {Error} The server cannot be reached, or refuses the login.
   */
  static async connect(options: NatsOptions, name: string): Promise<FleetStore> {
    return new FleetStore(await connectNats(options, name), options);
  }

  /**
   * Makes the buckets that are missing; operators have the right to do so, agents need none. In a
   * cluster they are kept three times.
   *
   * @returns Whether there were none.
   * @throws {Error} The server has no JetStream, or does not allow it.
   */
  async createBuckets(): Promise<boolean> {
    const isThere = await this.#open(BUCKET) && await this.#open(SEEN_BUCKET);
    if (isThere) return false;
    this.#wishes = await this.#create(BUCKET, { history: HISTORY, republish: REPUBLISH });
    this.#seen = await this.#create(SEEN_BUCKET, { history: 1, ttl: SEEN_MS });
    await this.#open(SEEN_BUCKET);
    return true;
  }

  /** What is wrong with the settings of the bucket of changes, if it was there. */
  get settingFaults(): readonly string[] {
    return this.#settingFaults;
  }

  /** The server's clock, as far as it has told it, in milliseconds. */
  get now(): number {
    return Date.now() + this.#ahead;
  }

  /** Whether a bucket is there; it also learns the server's time. */
  async #open(name: string): Promise<boolean> {
    try {
      const bucket = await this.#manager().open(name), before = Date.now();
      const { streamInfo } = await bucket.status(), { ts = "" } = streamInfo;
      if (name === BUCKET) this.#settingFaults = settingFaults(BUCKET, streamInfo, REPUBLISH);
      const ahead = Date.parse(ts) - (before + Date.now()) / 2;
      if (!Number.isNaN(ahead)) this.#ahead = ahead;
      return true;
    } catch {
      // Most likely the bucket is missing; any other reason shows when it is made.
      return false;
    }
  }

  async #create(name: string, options: object): Promise<Bucket> {
    const isCluster = this.#nats.connection.info?.cluster !== undefined;
    const all = { allow_direct: true, replicas: isCluster ? 3 : 1, ...options };
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#manager().create(name, all);
      } catch (error) {
        this.#refuseWithoutJetStream(error);
        // The server may have just come up, or have a slow disk. A bucket that it has made by now is
        // not made twice.
        const reason = natsReason(error), isLate = isUnanswered(error);
        if (isLate && attempt < CREATE_ATTEMPTS) continue;
        const told = isLate ? `the server has not answered ${attempt} times` : reason;
        const hint = /no suitable peers/i.test(reason)
          ? "; a cluster keeps it three times, and fewer servers with JetStream have found each other"
          : /permissions violation/i.test(reason)
          ? "; it is made when a user with that right runs logdial fleet"
          : "";
        throw new Error(`Cannot make bucket "${name}": ${told}${hint}`, { cause: error });
      }
    }
  }

  /**
   * The id of the bucket of wishes, which tells it from another one that was made after it was lost.
   *
   * @throws {Error} There is no bucket.
   */
  async bucketId(): Promise<string> {
    try {
      const { streamInfo: { created } } = await (await this.#bucket()).status();
      // The times of two buckets always differ, whatever the clocks are.
      return Date.parse(created).toString(36);
    } catch (error) {
      this.#wishes = undefined;
      this.#refuseWithoutJetStream(error);
      throw bucketFault(error);
    }
  }

  #refuseWithoutJetStream(error: unknown): void {
    if (!NOT_ENABLED.test(reasonOf(error))) return;
    const fault = /for account/i.test(reasonOf(error))
      ? "the account has no JetStream, give it some in its limits, or take another account"
      : "it has no JetStream, start it with -js, or jetstream in its configuration; a leaf node needs " +
        "default_js_domain, and the server that it leads to";
    throw new Error(`Cannot keep a fleet on ${placesOf(this.#options)}: ${fault}`, {
      cause: error,
    });
  }

  /** Most bytes of a report. */
  get mostTold(): number {
    return this.#mostBytes - HEADER_BYTES;
  }

  get #mostBytes(): number {
    return this.#nats.connection.info?.max_payload ?? Infinity;
  }

  /** The text, if the server takes a value as long as that; else it throws. */
  #fitting(text: string): string {
    const most = this.#mostBytes;
    const { length } = new TextEncoder().encode(text);
    if (length <= most) return text;
    throw new RangeError(
      `Cannot store it: all changes for that target have ${length} bytes then, and the server ` +
        `takes ${most} (max_payload); take some back by fleet rollback, or send less`,
    );
  }

  /**
   * The value of a key, undefined if there is none.
   *
   * @throws {UnreadableError} It makes no sense.
   */
  async get(key: string): Promise<Stored | undefined> {
    const entry = await getEntry(await this.#bucket(), key);
    return entry === null ? undefined : storedOf(entry);
  }

  /**
   * Changes the value of a key; `change` is called again if another operator was faster.
   *
   * @throws {Error} What `change` throws, or what goes wrong with the server.
   */
  async update(
    key: string,
    change: (before: Stored | undefined) => object | undefined,
  ): Promise<number | undefined> {
    const bucket = await this.#bucket();
    for (let attempt = 0;; attempt++) {
      const entry = await getEntry(bucket, key);
      const value = change(entry === null ? undefined : storedOf(entry));
      if (value === undefined) return undefined;
      try {
        const text = this.#fitting(JSON.stringify(value));
        return await (entry === null
          ? bucket.create(key, text)
          : bucket.update(key, text, entry.revision));
      } catch (error) {
        const revision = isUnanswered(error) ? await revisionOf(bucket, key, value) : undefined;
        if (revision !== undefined) return revision;
        if (!isOvertaken(error) || attempt > 20) throw await refusedWrite(error, bucket);
        await pause(10 + Math.random() * 50);
      }
    }
  }

  /** Stops a rollout, unless it is stopped already. */
  async halt(halt: Halt): Promise<void> {
    const bucket = await this.#bucket(), key = haltKey(halt.id);
    if (await getEntry(bucket, key) !== null) return;
    try {
      await bucket.create(key, JSON.stringify(halt));
    } catch (error) {
      // If another agent was faster, the rollout is stopped all the same.
      if (await getEntry(bucket, key) === null) throw error;
    }
  }

  /** Why a rollout was stopped, undefined if it was not. */
  async haltOf(id: string): Promise<Halt | undefined> {
    const entry = await getEntry(await this.#bucket(), haltKey(id));
    return entry?.operation === "PUT" ? readHalt(entry) : undefined;
  }

  /** All revisions of all keys that the bucket keeps, oldest first; that a key was removed is one. */
  async history(): Promise<BucketEntry[]> {
    const entries = await this.#list(await this.#bucket());
    return entries.sort((a, b) => a.revision - b.revision);
  }

  /** Calls back when a key is written that fits a pattern of NATS; returns a function that ends this. */
  onWritten(pattern: string, call: (key: string) => void): () => void {
    const subscription = this.#nats.connection.subscribe(`${LIVE}.${pattern}`, {
      // Without the right to subscribe, the agent depends on reading its keys from time to time.
      callback: (error, message) => {
        if (error === null) call(message.subject.slice(LIVE.length + 1));
      },
    });
    return () => subscription.unsubscribe();
  }

  /**
   * Calls back each time that the connection is lost, or is there again; and once with the reason when
   * the server refuses the login.
   */
  async onConnection(call: (isThere: boolean, reason?: string) => void): Promise<void> {
    let isThere = true, told = "";
    for await (const { type, error } of this.#nats.connection.status()) {
      const reason = type === "error" ? refusalOf(error, this.#options) : undefined;
      if (type === "reconnect") {
        // The library tells this once for each attempt that was refused before.
        if (!isThere) call(true);
        [isThere, told] = [true, ""];
      } else if (reason !== undefined && reason !== told) {
        [isThere, told] = [false, reason];
        call(false, reason);
      } else if (type === "disconnect" && isThere) {
        // The library follows each refused attempt by another one.
        isThere = false;
        call(false);
      }
    }
  }

  /** Stores what an agent tells; `before` is the revision of what it has told before. */
  async tell(key: string, report: object, before?: number): Promise<ToldReport> {
    const bucket = await this.#seenBucket();
    try {
      const text = JSON.stringify(report);
      const storedAt = async () => (await getEntry(bucket, key))?.created.getTime() ?? Date.now();
      try {
        if (before !== undefined) {
          const revision = await bucket.update(key, text, before);
          return { revision, storedAt };
        }
      } catch (error) {
        const revision = isUnanswered(error) ? await revisionOf(bucket, key, report) : undefined;
        if (revision !== undefined) return { revision, storedAt };
        if (!isOvertaken(error)) throw error;
      }
      const entry = before === undefined ? null : await getEntry(bucket, key);
      const revision = await bucket.put(key, text);
      return { revision, ...entry?.operation === "PUT" ? { other: entry } : {}, storedAt };
    } catch (error) {
      this.#seen = undefined;
      throw await refusedWrite(error, bucket);
    }
  }

  /** What an agent told last. */
  async told(key: string): Promise<BucketEntry | undefined> {
    try {
      const entry = await getEntry(await this.#seenBucket(), key);
      return entry?.operation === "PUT" ? entry : undefined;
    } catch (error) {
      throw bucketFault(error);
    }
  }

  /**
   * Removes the report of an agent that has ended as it should.
   *
   * @throws {Error} There is another revision by now.
   */
  async leave(key: string, revision: number): Promise<void> {
    await (await this.#seenBucket()).purge(key, { previousSeq: revision });
  }

  /** What agents have told last. */
  async seenNow(): Promise<BucketEntry[]> {
    return lastOfKeys(await this.#list(await this.#seenBucket()));
  }

  async #list(bucket: Bucket): Promise<BucketEntry[]> {
    try {
      return await Promise.race([listEntries(bucket), this.#stopped.promise]);
    } catch (error) {
      if (isUnanswered(error)) throw error;
      throw new Error(`Cannot read all of the fleet: ${natsReason(error)}`, { cause: error });
    }
  }

  /** Ends lists that may not go on: the server asks for a message for that, which may be forbidden. */
  async #noteRefusals(): Promise<void> {
    for await (const { type, error } of this.#nats.connection.status()) {
      const reason = type === "error" ? reasonOf(error) : "";
      if (!/^permissions violation for publish to "\$JS\.FC\./i.test(reason)) continue;
      this.#stopped.reject(new Error(reason));
    }
  }

  /** Watches the reports of agents: first those that are there, then those that come. */
  async watchSeen(): Promise<BucketWatch> {
    const bucket = await this.#seenBucket();
    return await beginWatch(() => bucket.watch());
  }

  /** What has been sent and received, for benchmarks. */
  get stats(): ReturnType<Nats["connection"]["stats"]> {
    return this.#nats.connection.stats();
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.#nats.connection.close();
    this.#nats.release();
  }

  async #bucket(): Promise<Bucket> {
    return this.#wishes ??= await this.#manager().open(BUCKET);
  }

  async #seenBucket(): Promise<Bucket> {
    return this.#seen ??= await this.#manager().open(SEEN_BUCKET);
  }

  #manager(): InstanceType<Nats["kv"]["Kvm"]> {
    return new this.#nats.kv.Kvm(this.#nats.connection);
  }
}

/** Why the server has refused the login; undefined for other errors. */
function refusalOf(error: unknown, options: NatsOptions): string | undefined {
  const reason = reasonOf(error);
  return /^(authorization|.*authentication)\b/i.test(reason)
    ? reason + refusalHint(reason, options)
    : undefined;
}

/** Whether somebody else has written the key since it was read. */
function isOvertaken(error: unknown): boolean {
  return error instanceof Error && /wrong last sequence/i.test(error.message);
}

function storedOf(entry: BucketEntry): Stored {
  const stored = entry.created.getTime();
  const doc = entry.operation === "PUT"
    ? readWish(entry, (json) => readDoc(json, stored, entry.key))
    : { version: 1 as const, changes: [], last: { label: "", ids: [] } };
  return { doc, revision: entry.revision, stored };
}
