import { type AgentReport, type ChangeReport, readReport } from "./agent_report.ts";
import {
  endOf,
  type FleetAction,
  type FleetChange,
  readDoc,
  type StoredChange,
  type StoredDoc,
  withChange,
  withoutChanges,
} from "./fleet_change.ts";
import { endWatch } from "./nats/bucket_watch.ts";
import { checkLengths, shortBy } from "./fleet_lengths.ts";
import { keyOf, lifetimeOf } from "./fleet_keys.ts";
import { FleetStore } from "./fleet_store.ts";
import { lastOfKeys } from "./nats/list_entries.ts";
import { type FleetTarget, isMeantBy, targetText } from "./fleet_target.ts";
import { type NatsOptions, natsReason } from "./nats/nats_connect.ts";
import type { BucketEntry, BucketWatch } from "./nats/nats_types.ts";
import { readSeen, readWish, UnreadableError } from "./read_entry.ts";
import { readHalt } from "./read_halt.ts";
import type { Halt } from "./rollout.ts";

/** A change with the key under which it stands. */
export interface KeptChange {
  readonly key: string;
  readonly change: StoredChange;
  /** Why its rollout was stopped; undefined if it was not. */
  readonly halt?: Halt;
}

/** What an agent has told last. */
export interface SeenAgent {
  readonly report: AgentReport;
  /** When that was, by the server's clock. */
  readonly at: number;
}

/** What was done in the past. */
export interface PastAction extends FleetAction {
  /** When, by the server's clock. */
  readonly at: number;
  /** The key that was written. */
  readonly key: string;
  /** The targets of its changes, as far as the bucket still has them. */
  readonly to: readonly FleetTarget[];
}

/** How a change stands at a thread. */
export interface ChangeRow {
  readonly host: string;
  readonly app: string;
  readonly thread: string;
  readonly pid: number;
  readonly port: number;
  /** What its agent says; `offline` if it has said nothing since the change was stored. */
  readonly state: ChangeReport["state"] | "offline";
  readonly detail?: string;
  /** Some of the loggers that did not exist there before. */
  readonly unknown?: ChangeReport["unknown"];
  /** Whether it is not wanted any more, and waits to be taken back. */
  readonly isLeaving?: boolean;
  /** When its agent was seen last. */
  readonly at: number;
}

/** Writes the changes that the fleet should have, and reads how they stand. */
export class FleetOperator {
  /** Whether there were no buckets before, so that agents come to them only now. */
  readonly isNew: boolean;
  readonly #store: FleetStore;
  readonly #skipped = new Set<string>();
  /** The watches that are being ended on the server; it never rejects. */
  #ending: Promise<void> = Promise.resolve();

  private constructor(store: FleetStore, isNew: boolean) {
    this.#store = store;
    this.isNew = isNew;
  }

  /**
   * Connects, and makes the buckets if there are none.
   *
   * @throws {Error} The server cannot be reached, or does not allow it.
   */
  static async connect(options: NatsOptions): Promise<FleetOperator> {
    const store = await FleetStore.connect(options, "logdial fleet");
    try {
      return new FleetOperator(store, await store.createBuckets());
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /**
   * Stores a change; the agents of those whom it means carry it out.
   *
   * @throws {RangeError} There are too many for the target, or something is too long.
   */
  async add(wanted: Omit<FleetChange, "id" | "at">): Promise<KeptChange> {
    const { label, text, reason, to, by } = wanted;
    checkLengths({ ...to, label, text, reason });
    const change: FleetChange = {
      ...wanted,
      ...by === undefined ? {} : { by: shortBy(by) },
      id: newId(),
    };
    const key = keyOf(change.lasts === undefined ? "base" : "ovr", change.to);
    const bucket = await this.#store.bucketId();
    const store = () =>
      this.#store.update(key, (before) => {
        return { ...withChange(before?.doc, before?.stored ?? 0, change), bucket };
      });
    try {
      await store();
    } catch (error) {
      if (!(error instanceof RangeError) || !await this.#renew(key, bucket)) throw error;
      await store();
    }
    const stored = await this.#store.get(key);
    const found = stored?.doc.changes.find(({ id }) => id === change.id);
    // Another operator may have taken it back at the same moment.
    return { key, change: found ?? { ...change, at: stored?.stored ?? 0 } };
  }

  /**
   * Stores a value once more that has changes which have ended since it was stored, so that by the
   * server's clock the next one leaves them out: a value that is full would stay so for ever.
   *
   * @returns Whether there are such changes.
   */
  async #renew(key: string, bucket: string): Promise<boolean> {
    const revision = await this.#store.update(key, (before) => {
      const hasEnded = before?.doc.changes.some((one) => endOf(one) <= this.now) ?? false;
      return hasEnded ? { ...before!.doc, last: NOTHING_DONE, bucket } : undefined;
    });
    return revision !== undefined;
  }

  /** The server's clock, by which changes end and agents are seen, in milliseconds. */
  get now(): number {
    return this.#store.now;
  }

  /** What is wrong with the settings of the bucket of changes, which others may have made. */
  get settingFaults(): readonly string[] {
    return this.#store.settingFaults;
  }

  /** What could not be read so far, and was left out. */
  get skipped(): readonly string[] {
    return [...this.#skipped];
  }

  /** The changes that are wanted now, oldest first. */
  async changes(): Promise<KeptChange[]> {
    return (await this.stored()).filter(({ change }) => endOf(change) > this.now);
  }

  /** The changes that are stored, those included that have ended by themselves. */
  async stored(): Promise<KeptChange[]> {
    const { docs, halts } = await this.#read();
    return [...docs].flatMap(([key, entry]) =>
      (this.#docOf(entry)?.changes ?? []).map((change) => {
        const halt = halts.get(change.id);
        return { key, change, ...halt === undefined ? {} : { halt } };
      })
    ).sort((a, b) => a.change.at - b.change.at);
  }

  /**
   * Takes back the newest changes; with a target, only changes for that.
   *
   * @returns The changes that were taken back, newest first; fewer than that if others have taken back
   * the rest meanwhile.
   * @throws {Error} There are some, but fewer; or the server does not take it, and what has been taken
   * back by then is told.
   */
  async takeBack(
    steps: number,
    target: FleetTarget,
    { label, by, reason }: Omit<FleetAction, "ids">,
  ): Promise<StoredChange[]> {
    checkLengths({ label, reason });
    const said = { label, by: by && shortBy(by), reason };
    const meant = async () =>
      (await this.changes()).filter(({ change }) => isFor(change.to, target));
    const all = await meant();
    if (all.length > 0 && steps > all.length) {
      const whom = targetText(target), of = whom === "all" ? "" : ` of ${whom}`;
      throw new Error(
        `Cannot roll back ${steps} changes${of}: ${all.length} can be taken back`,
      );
    }
    const done: StoredChange[] = [];
    // What another operator has taken back meanwhile is not this one's: the next newest ones are.
    for (let newest = all; newest.length > 0 && done.length < steps;) {
      await this.#end(newest.slice(done.length - steps).reverse(), said, done);
      if (done.length < steps) newest = await meant();
    }
    return done.sort((one, other) => other.at - one.at);
  }

  /** Ends those changes that are there still, and adds them to what is done. */
  async #end(
    ending: readonly KeptChange[],
    said: Omit<FleetAction, "ids">,
    done: StoredChange[],
  ): Promise<void> {
    const bucket = await this.#store.bucketId();
    for (const key of new Set(ending.map((one) => one.key))) {
      let changes: StoredChange[] = [];
      try {
        await this.#store.update(key, (stored) => {
          const there = new Set(stored?.doc.changes.map(({ id }) => id));
          changes = ending.flatMap(({ change }) => there.has(change.id) ? change : []);
          if (stored === undefined || changes.length === 0) return undefined;
          const ids = changes.map(({ id }) => id);
          return { ...withoutChanges(stored.doc, { ...said, ids }), bucket };
        });
      } catch (error) {
        if (done.length === 0) throw error;
        throw halfDone(done, ending.map(({ change }) => change), error);
      }
      done.push(...changes);
    }
  }

  /** The change, with why its rollout was stopped if it has been. */
  async withHalt(kept: KeptChange): Promise<KeptChange> {
    if (kept.change.rollout === undefined) return kept;
    const halt = await this.#store.haltOf(kept.change.id);
    return halt === undefined ? kept : { ...kept, halt };
  }

  /** What was done in the past, as far as the bucket keeps it, oldest first. */
  async history(): Promise<PastAction[]> {
    const targets = new Map<string, FleetTarget>();
    const past = (action: FleetAction, at: number, key: string): PastAction => {
      return { ...action, at, key, to: action.ids.flatMap((id) => targets.get(id) ?? []) };
    };
    const entries = await this.#store.history(), there = new Set(lastOfKeys(entries));
    const stored = entries.filter(({ operation }) => operation === "PUT");
    return stored.flatMap((entry): PastAction[] => {
      const { key } = entry, at = entry.created.getTime();
      if (lifetimeOf(key) !== undefined) {
        const doc = this.#docOf(entry, there.has(entry));
        if (doc === undefined) return [];
        const { changes, last } = doc;
        for (const { id, to } of changes) targets.set(id, to);
        return last.label === NOTHING_DONE.label ? [] : [past(last, at, key)];
      }
      if (!key.startsWith("halt.")) return [];
      const { id, reason, host } = readHalt(entry);
      return [past({ label: "halt", by: `the agent of ${host}`, reason, ids: [id] }, at, key)];
    });
  }

  /** What agents have told last. */
  async agents(): Promise<SeenAgent[]> {
    return (await this.#store.seenNow()).flatMap((entry) => this.#seenOf(entry));
  }

  /** The reports of agents from now on, after the last ones of each. */
  async follow(): Promise<{ agents: AsyncIterable<SeenAgent>; stop: () => void }> {
    const watch = await this.#store.watchSeen();
    let isEnded = false;
    const stop = () => {
      if (!isEnded) this.#ending = endWatch(watch);
      isEnded = true;
    };
    return { agents: this.#follow(watch), stop };
  }

  async *#follow(watch: BucketWatch): AsyncGenerator<SeenAgent> {
    for await (const entry of watch) if (entry.operation === "PUT") yield* this.#seenOf(entry);
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.#ending;
    await this.#store.close();
  }

  /** The report of an agent, in a list; the list is empty if the report cannot be read. */
  #seenOf(entry: BucketEntry): SeenAgent[] {
    const report = this.#orSkipped(() => readSeen(entry, (json) => readReport(json, entry.key)));
    return report === undefined ? [] : [{ report, at: entry.created.getTime() }];
  }

  /**
   * The value of a key with changes; undefined if it cannot be read, which is told unless the value
   * has gone since (`isThere` is false).
   */
  #docOf(entry: BucketEntry, isThere = true): StoredDoc | undefined {
    const at = entry.created.getTime();
    return this.#orSkipped(() => readWish(entry, (json) => readDoc(json, at, entry.key)), isThere);
  }

  /** The result of `read`; if that throws, it is noted in `skipped`, and undefined is returned. */
  #orSkipped<T>(read: () => T, isNoted = true): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      if (isNoted) this.#skipped.add(error.message);
      return undefined;
    }
  }

  /** What stands under each key with changes, and all halts. */
  async #read(): Promise<{ docs: Map<string, BucketEntry>; halts: Map<string, Halt> }> {
    const docs = new Map<string, BucketEntry>(), halts = new Map<string, Halt>();
    for (const entry of lastOfKeys(await this.#store.history())) {
      if (lifetimeOf(entry.key) !== undefined) docs.set(entry.key, entry);
      if (!entry.key.startsWith("halt.")) continue;
      const halt = readHalt(entry);
      halts.set(halt.id, halt);
    }
    return { docs, halts };
  }
}

/** What is stored with a value that is stored once more as it is. */
const NOTHING_DONE: FleetAction = { label: "", ids: [] };

/** An agent that has told nothing for so many of its own intervals counts as offline. */
const OFFLINE_AFTER = 2;

/** Whether an agent has told nothing for so long that it counts as offline. */
export function isOffline({ report, at }: SeenAgent, now: number): boolean {
  return now - at > OFFLINE_AFTER * report.every;
}

/** How a change stands at all threads that it means. */
export function rowsFor(
  { change: { id, at: stored, to } }: KeptChange,
  agents: Iterable<SeenAgent>,
): ChangeRow[] {
  const rows = new Map<string, ChangeRow>();
  for (const { report: { host, threads }, at } of agents) {
    for (const { app, thread, pid, port, changes } of threads) {
      if (!isMeantBy(to, { host, app, thread })) continue;
      const key = JSON.stringify([host, pid, port, thread]);
      // Two agents may serve the same thread.
      if ((rows.get(key)?.at ?? -1) > at) continue;
      const known = changes.find((one) => one.id === id);
      const silent = at < stored ? "offline" : "pending";
      const { state = silent, detail, unknown, isLeaving } = known ??
        (silent === "pending" ? { detail: "its agent has not told of it yet" } : {});
      rows.set(key, { host, app, thread, pid, port, state, detail, unknown, isLeaving, at });
    }
  }
  return [...rows.values()].sort((a, b) =>
    a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port
  );
}

/** Whether a change says the same of each part that is asked for. */
function isFor(to: FleetTarget, { app, host, thread }: FleetTarget): boolean {
  return (app === undefined || to.app === app) && (host === undefined || to.host === host) &&
    (thread === undefined || to.thread === thread);
}

/** Each target has a key of its own, which one may have no right to, or the server no room for. */
function halfDone(
  done: readonly StoredChange[],
  all: readonly StoredChange[],
  cause: unknown,
): Error {
  const failed = all.filter((change) => !done.includes(change));
  const names = (changes: readonly StoredChange[]) =>
    changes.map(({ label, id }) => `${label} (${id})`).join(", ");
  const told = `Took back ${names(done)}, but cannot take back ${names(failed)}`;
  return new Error(`${told}: ${natsReason(cause)}`, { cause });
}

/** A new id, short enough to be read out. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}
