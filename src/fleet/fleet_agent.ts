import { reasonOf } from "../core/values/thrown.ts";
import {
  type AgentReport,
  fittingReport,
  readReport,
  shortDetail,
  shortThread,
  type ThreadReport,
} from "./agent_report.ts";
import { AgentKey } from "./agent_key.ts";
import { endOf } from "./fleet_change.ts";
import { keysFor, seenKey } from "./fleet_keys.ts";
import { FleetStore } from "./fleet_store.ts";
import { type HostThread, identityOf, processOf, type ThreadHost } from "./host_threads.ts";
import { LinesBook } from "./lines_book.ts";
import { type NatsOptions, natsReason } from "./nats/nats_connect.ts";
import { readSeen } from "./read_entry.ts";
import { RefusedWriteError } from "./nats/refused_write.ts";
import { isLookedAfter, nextStepAt } from "./rollout.ts";
import { type OwnReport, RolloutWatch } from "./rollout_watch.ts";
import { ServerClock } from "./server_clock.ts";
import { ThreadKeeper } from "./thread_keeper.ts";
import { waitingFor, wantedFor } from "./wanted_changes.ts";
import { WishesReader } from "./wishes_reader.ts";

/** Options of an agent. */
export interface AgentOptions extends NatsOptions {
  /** Name of the host in the fleet. */
  readonly hostName: string;
  /**
   * Its name among the agents of the host; agents that serve the same threads have the same name. A
   * function makes it of the first threads that there are; where there are none yet, it throws why.
   */
  readonly agentName: string | ((threads: readonly HostThread[]) => string);
  /** How often threads are looked for, in milliseconds. @default 1000 */
  readonly lookEvery?: number;
  /** How often all keys are read again, and all is told again, in milliseconds. @default 60000 */
  readonly readEvery?: number;
  /** Called with what has happened, in words for people. */
  readonly say?: (text: string) => void;
  /** This host's clock, for tests. */
  readonly clock?: () => number;
}

/** How long an agent that ends waits for its last report to be stored, in milliseconds. */
const LEAVE_MS = 1000;

/** The tasks of an agent, each of which may fail. */
type Task = "serve" | "read" | "tell";

/**
 * Serves the threads of a host: gives them the changes that operators want, and tells how they stand.
 *
 * The server tells it of each write at once, but that is only a hint: the agent itself reads its keys
 * then, whenever it is connected again, and every minute or so. So nothing depends on a message that
 * may be lost, on a bucket that stays the same, or on a server that can be reached. Overrides are sent
 * with their end, so that the threads take them back by themselves, whatever happens to the agent.
 */
export class FleetAgent {
  readonly #options: Required<Omit<AgentOptions, keyof NatsOptions | "clock">> & NatsOptions;
  readonly #host: ThreadHost;
  readonly #keepers = new Map<string, ThreadKeeper>();
  readonly #lines = new LinesBook();
  readonly #rollouts: RolloutWatch;
  #name: string | undefined;
  #store: FleetStore | undefined;
  #key: AgentKey | undefined;
  #wishes: WishesReader | undefined;
  readonly #clock: ServerClock;
  #report = "";
  #reportAgainAt = 0;
  /** The processes that are running, and their numbers. */
  #processes: ReadonlySet<string> = new Set();
  /** The keys that may mean threads of the host; `#keysOf` tells for which programs they were made. */
  #keysKnown: readonly string[] = [];
  #keysOf: string | undefined;
  #isReading = false;
  #isTelling = false;
  /** The report that is being told; it never rejects. */
  #telling: Promise<void> = Promise.resolve();
  /** What goes wrong at the moment, by the task that fails. */
  readonly #failures = new Map<Task, string>();
  #isClosed = false;
  #wake = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;

  /** Begins to serve the threads of `host`, also if no server is there yet. */
  constructor(options: AgentOptions, host: ThreadHost) {
    const { lookEvery = 1000, readEvery = 60_000, say = () => {}, clock = Date.now } = options;
    this.#options = { ...options, lookEvery, readEvery, say };
    this.#clock = new ServerClock(clock);
    this.#host = host;
    this.#rollouts = new RolloutWatch(host);
    this.#ended = this.#run();
  }

  /** What has been sent and received, for benchmarks. */
  get stats(): FleetStore["stats"] | undefined {
    return this.#store?.stats;
  }

  /** Looks at all threads again now. */
  look(): void {
    this.#wake.resolve();
  }

  /** Ends; the threads stay as they are. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.look();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { agentName } = this.#options;
    if (typeof agentName === "string") this.#begin(agentName);
    while (!this.#isClosed) {
      this.#wake = Promise.withResolvers();
      void this.#read();
      let pause = this.#options.lookEvery;
      try {
        pause = Math.min(pause, await this.#keepAll());
        this.#failures.delete("serve");
      } catch (error) {
        this.#fail("serve", error);
      }
      const { done, end } = timer(pause);
      await Promise.race([done, this.#wake.promise]);
      end();
    }
    this.#rollouts.end();
    try {
      // A report on its way would be stored after the removal; a server that is away stores none.
      const { done, end } = timer(LEAVE_MS);
      await Promise.race([this.#telling, done]);
      end();
      await this.#key?.leave();
    } catch {
      // Without a server, others will see that the agent has gone; else another agent is running.
    }
    await this.#store?.close();
  }

  /** Tells what goes wrong, once for as long as it lasts. */
  #fail(task: Task, error: unknown): void {
    const cause = natsReason(error), known = new Set(this.#failures.values());
    const reason = error instanceof RefusedWriteError && task === "tell"
      ? `Cannot tell how threads stand, which get what is wanted all the same: ${cause}`
      : cause;
    this.#failures.set(task, reason);
    // An agent that cannot read cannot tell either, for the same reason, whatever the library says.
    const isKnown = known.has(reason) || task === "tell" && this.#failures.has("read");
    // An agent that ends closes the connection under its own questions.
    if (!isKnown && !this.#isClosed) this.#options.say(reason);
  }

  #begin(name: string): void {
    this.#name = name;
    void this.#connect();
  }

  /** Tries until there is a connection; the library then keeps it up. */
  async #connect(): Promise<void> {
    const { hostName } = this.#options;
    while (!this.#isClosed) {
      try {
        const store = await FleetStore.connect(this.#options, `logdial agent ${hostName}`);
        if (this.#isClosed) return await store.close();
        this.#options.say("connected");
        this.#store = store;
        const key = this.#key = this.#keyIn(store);
        this.#wishes = this.#readerOf(store, key);
        void store.onConnection((isThere, reason) => {
          const lost = reason === undefined ? "lost the server" : `is not let in again: ${reason}`;
          this.#options.say(isThere ? "connected again" : lost);
          if (isThere) this.#readAgain();
        });
        this.#failures.clear();
        return this.#readAgain();
      } catch (error) {
        this.#fail("read", error);
      }
      await timer(500 + Math.random() * 500).done;
    }
  }

  /** Reads all keys and tells all, since something may have been missed. */
  #readAgain(): void {
    this.#reportAgainAt = -Infinity;
    this.#wishes?.readAll();
  }

  #keyIn(store: FleetStore): AgentKey {
    const { hostName, readEvery, say } = this.#options;
    return new AgentKey(store, seenKey(hostName, this.#name!), 2 * readEvery, steady, say);
  }

  #readerOf(store: FleetStore, key: AgentKey): WishesReader {
    const { readEvery, say } = this.#options;
    return new WishesReader(store, {
      keys: () => this.#keys(),
      readEvery,
      now: () => this.#clock.now,
      wake: () => this.look(),
      meet: () => this.#meet(key),
      say,
    });
  }

  /** Reads the keys that are due; nothing waits for it, since the server may not answer. */
  async #read(): Promise<void> {
    const wishes = this.#wishes;
    if (wishes === undefined || this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isClosed && await wishes.readDue()) this.look();
      this.#lines.keepOnly(new Set(wishes.changes.map(({ id }) => id)));
      this.#failures.delete("read");
    } catch (error) {
      this.#fail("read", error);
    } finally {
      this.#isReading = false;
    }
  }

  #keys(): readonly string[] {
    const { hostName } = this.#options;
    const apps = [...new Set([...this.#keepers.values()].map((one) => one.placeOn(hostName).app))];
    const text = apps.join("\n");
    if (text !== this.#keysOf) this.#keysKnown = keysFor(hostName, apps);
    this.#keysOf = text;
    return this.#keysKnown;
  }

  /** Gives all threads what they should have; returns when to look again at the latest. */
  async #keepAll(): Promise<number> {
    const threads = await this.#host.look(), { agentName } = this.#options;
    if (this.#name === undefined && typeof agentName === "function") {
      this.#begin(agentName(threads));
    }
    this.#find(threads);
    const wishes = this.#wishes;
    // The host's clock was set: the server tells the time when it is told something.
    if (this.#clock.hasJumped()) this.#readAgain();
    if (wishes?.bucket === undefined) return Infinity;
    // Programs that were just found may have keys of their own.
    if (!wishes.isComplete) void this.#read();
    const { now } = this.#clock;
    const reports = await Promise.all(
      [...this.#keepers.values()].map((keeper) => this.#keep(keeper, wishes, now)),
    );
    await this.#watchRollouts(wishes, reports, threads);
    if (!this.#isTelling) this.#telling = this.#tell(reports.map(({ report }) => report));
    return untilNext(wishes, now);
  }

  /** Makes keepers for threads that have come, and drops those of threads that have gone. */
  #find(threads: readonly HostThread[]): void {
    this.#processes = new Set(threads.flatMap((one) => [processOf(one), `${one.status?.pid}`]));
    const found = new Map(threads.map((thread) => [identityOf(thread), thread]));
    for (const id of this.#keepers.keys()) if (!found.has(id)) this.#keepers.delete(id);
    for (const [id, thread] of found) {
      const isThere = (one: string) => this.#processes.has(one);
      const lines = this.#lines.pageOf(thread, isThere);
      const keeper = this.#keepers.get(id) ?? new ThreadKeeper(this.#host, thread, lines);
      this.#keepers.set(id, keeper);
      keeper.seen(thread);
    }
  }

  async #keep(keeper: ThreadKeeper, wishes: WishesReader, now: number): Promise<OwnReport> {
    const place = keeper.placeOn(this.#options.hostName);
    const report = await keeper.keep({
      bucket: wishes.bucket!,
      wanted: wantedFor(place, wishes, now),
      waiting: waitingFor(place, wishes, now),
      readAt: wishes.readAt,
      clock: this.#clock,
    });
    return { process: keeper.process, report };
  }

  /** Stops rollouts that do harm here. */
  async #watchRollouts(
    wishes: WishesReader,
    reports: readonly OwnReport[],
    threads: readonly HostThread[],
  ): Promise<void> {
    const { hostName } = this.#options, { now } = this.#clock;
    const running = wishes.changes.filter(({ id, rollout, at }) =>
      rollout !== undefined && !wishes.halted.has(id) && isLookedAfter(rollout, at, now)
    );
    const breaches = this.#rollouts.breaches(running, reports, threads, steady());
    for (const { id, reason: seen } of breaches) {
      const reason = shortDetail(seen);
      wishes.halted.add(id);
      this.#options.say(`stops a rollout: ${reason}`);
      this.look();
      await this.#store?.halt({ id, reason, host: hostName });
    }
  }

  /** Tells how the threads stand, if that has changed or was told long ago; nothing waits for it. */
  async #tell(threads: readonly ThreadReport[]): Promise<void> {
    const key = this.#key, { readEvery } = this.#options;
    const report = this.#reportOf(threads), text = JSON.stringify(report);
    const isDue = text !== this.#report || steady() >= this.#reportAgainAt;
    if (key === undefined || !isDue) return;
    this.#isTelling = true;
    try {
      await this.#tellNow(key, report);
      this.#report = text;
      this.#reportAgainAt = steady() + readEvery * (0.75 + Math.random() / 4);
      this.#failures.delete("tell");
      // How the threads stand may have changed again already.
      this.look();
    } catch (error) {
      // It is told at the next look: a server without the bucket refuses at once.
      this.#fail("tell", error);
    } finally {
      this.#isTelling = false;
    }
  }

  /** Learns what only the agent before knew, and the server's time. */
  async #meet(key: AgentKey): Promise<void> {
    const told = await key.before();
    // The report of another agent that serves the same threads is true until this one tells more.
    let report = this.#reportOf([]);
    try {
      if (told !== undefined) report = readSeen(told, (json) => readReport(json, told.key));
      this.#lines.learn(report);
    } catch (error) {
      this.#options.say(reasonOf(error));
    }
    try {
      // The first exchange is the slowest, and tells the time least exactly.
      for (let count = 0; count < 3 && !this.#isClosed; count++) await this.#tellNow(key, report);
    } catch (error) {
      if (!(error instanceof RefusedWriteError)) throw error;
      // What is wanted can be read all the same. Operators do not see this host then, nor do
      // overrides end by another clock than its own, unless the server takes a later word.
      this.#fail("tell", error);
    }
  }

  async #tellNow(key: AgentKey, report: AgentReport): Promise<void> {
    const telling = this.#clock.measure(() => key.tell(report));
    this.#telling = telling.catch(() => {});
    await telling;
  }

  #reportOf(threads: readonly ThreadReport[]): AgentReport {
    const { hostName: host, readEvery: every } = this.#options, agent = this.#name!;
    const report = { version: 1, host, agent, every, threads: threads.map(shortThread) } as const;
    return fittingReport(report, this.#store?.mostTold ?? Infinity);
  }
}

/** The monotonic clock, in milliseconds. */
function steady(): number {
  return performance.now();
}

/** How long it takes until a change or a step ends by time, in milliseconds. */
function untilNext({ changes }: WishesReader, now: number): number {
  const times = changes.flatMap((change) => {
    const { rollout, at } = change;
    return [endOf(change), rollout === undefined ? undefined : nextStepAt(rollout, at, now)];
  });
  const next = Math.min(...times.flatMap((time) => time !== undefined && time > now ? time : []));
  return next === Infinity ? Infinity : Math.max(10, next - now);
}

/** A timer that keeps the program alive, and can be ended. */
function timer(milliseconds: number): { done: Promise<void>; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const id = setTimeout(resolve, milliseconds);
  return { done: promise, end: () => clearTimeout(id) };
}
