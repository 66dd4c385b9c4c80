import { isFirstVersion } from "../client/first_version.ts";
import type { PastChange } from "../client/read_results.ts";
import type { Delivery } from "../client/request.ts";
import { reasonOf } from "../core/values/thrown.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { type ChangeReport, shortDetail, type ThreadReport } from "./agent_report.ts";
import { endOf, shareOf, type StoredChange } from "./fleet_change.ts";
import type { FleetPlace } from "./fleet_target.ts";
import { type HostThread, processOf, TAKEN_BACK, type ThreadHost } from "./host_threads.ts";
import type { ServerClock } from "./server_clock.ts";
import { planFor, readWireId, type View, wireId } from "./thread_plan.ts";

/** What a keeper is given each time. */
export interface Wanted extends View {
  /** Changes whose rollout has not come to the thread yet. */
  readonly waiting: readonly StoredChange[];
  /** The server's clock. */
  readonly clock: ServerClock;
}

/** The lines that a program had left, so that it gets only the rest when it is started anew. */
export interface LinesLeft {
  get(id: string): number | undefined;
  set(id: string, left: number): void;
}

/** The report on a change that a thread still has, and should not have any more. */
const LEAVING = {
  state: "pending",
  detail: "it is taken back with the next log call",
  isLeaving: true,
} as const;

/** The report on a change that a listener cannot take back: one without a status is as CPython's. */
function staying(status: ThreadStatus | undefined): Omit<ChangeReport, "id"> {
  const detail = status === undefined
    ? "CPython's listener takes nothing back"
    : "it takes back no change by its name: its logdial is older";
  return { state: "pending", detail, isLeaving: true };
}

/** The outcome of a change that was sent. */
type Result = Pick<ChangeReport, "state" | "detail" | "unknown">;

/**
 * Gives one thread the changes that it should have, and knows how they stand. All that it knows is
 * also in the thread's own history, so that the next agent can go on from there.
 */
export class ThreadKeeper {
  readonly #host: ThreadHost;
  readonly #lines: LinesLeft;
  readonly #sent = new Set<string>();
  readonly #undone = new Map<string, number>();
  readonly #results = new Map<string, Result>();
  /** Missing changes for which the thread's history has been searched. */
  readonly #explained = new Set<string>();
  /** Ids that the thread has been told to take back, and has not yet. */
  readonly #leaving = new Set<string>();
  /** Wanted changes that a listener has which takes nothing back; `#left` has the unwanted ones. */
  readonly #has = new Map<string, StoredChange>();
  readonly #left = new Map<string, StoredChange>();
  #hasPast = false;
  #levels: ThreadReport["levels"] = {};
  #thread: HostThread;

  /** Keeps a thread that was found. */
  constructor(host: ThreadHost, thread: HostThread, lines: LinesLeft) {
    this.#host = host;
    this.#thread = thread;
    this.#lines = lines;
  }

  /** The process of the thread; see `processOf`. */
  get process(): string {
    return processOf(this.#thread);
  }

  /** Where the thread is, on a host of that name. */
  placeOn(host: string): FleetPlace {
    const { status } = this.#thread;
    return { host, app: status?.app ?? "", thread: status?.name ?? "" };
  }

  /** Takes the present status of the thread. */
  seen(thread: HostThread): void {
    this.#thread = thread;
    this.#levels = thread.status?.levels ?? {};
    for (const { id = "", linesLeft } of thread.status?.overrides ?? []) {
      const change = readWireId(id)?.id;
      if (change !== undefined && linesLeft !== undefined) this.#lines.set(change, linesLeft);
    }
  }

  /** Sends and takes back what is needed; resolves to how the thread stands then. */
  async keep(wanted: Wanted): Promise<ThreadReport> {
    const { status } = this.#thread;
    // Version 0.1.0 does not tell which changes it has, and would take back its last one.
    if (status === undefined || isFirstVersion(status)) return await this.#keepSilent(wanted);
    if (status.pending === 0) this.#leaving.clear();
    const plan = await this.#plan(wanted, status);
    for (const { change, wireId } of plan.send) await this.#send(change, wireId, wanted.clock);
    if (plan.takeBack.length > 0) {
      const isDone = await this.#host.takeBack(this.#thread, plan.takeBack);
      if (!isDone) { for (const id of plan.takeBack) this.#leaving.add(id); }
      for (const id of plan.takeBack) this.#undone.set(id, wanted.clock.now);
    }
    return this.#report(wanted, status);
  }

  async #plan(wanted: Wanted, status: ThreadStatus): Promise<ReturnType<typeof planFor>> {
    if (!this.#hasPast) {
      await this.#readPast(wanted);
      this.#hasPast = true;
    }
    const plan = () =>
      planFor(wanted, { present: presentIn(status), sent: this.#sent, undone: this.#undone });
    const first = plan();
    // Another agent may have taken a missing change back; the thread's history tells who did.
    const missing = first.gone.filter(({ id }) => !this.#explained.has(id) && !this.#isRefused(id));
    if (missing.length === 0) return first;
    for (const { id } of missing) this.#explained.add(id);
    await this.#readPast(wanted);
    for (const change of missing) this.#endUntold(change);
    return plan();
  }

  /**
   * Notes that a missing change has ended of which the history does not say so: of changes that end
   * together it names one. Changes that stay are missing as well once a thread can take them back no more.
   */
  #endUntold(change: StoredChange): void {
    const endsByItself = change.lines !== undefined || endOf(change) !== Infinity;
    if (!endsByItself || this.#results.get(change.id)?.state !== "applied") return;
    this.#results.set(change.id, { state: "ended", detail: "the thread has it no more" });
  }

  #isRefused(id: string): boolean {
    return this.#results.get(id)?.state === "rejected";
  }

  async #send(change: StoredChange, wireId: string, clock: ServerClock): Promise<void> {
    const lines = this.#lines.get(change.id) ?? shareOf(change);
    if (lines === 0) {
      this.#results.set(change.id, { state: "ended", detail: "its lines have been logged" });
      this.#sent.add(wireId);
      return;
    }
    const end = endOf(change), rest = end === Infinity ? undefined : end - clock.now;
    const sending = { wireId, rest, lines };
    const result = await this.#tried(change, () => this.#host.send(this.#thread, change, sending));
    if (result === undefined) return;
    this.#sent.add(wireId);
    this.#explained.delete(change.id);
    this.#results.set(change.id, result);
  }

  /** The outcome of a sending; undefined if nothing was sent, so that it is tried again. */
  async #tried(
    { label }: StoredChange,
    send: () => Promise<Delivery>,
  ): Promise<Result | undefined> {
    let delivery: Delivery;
    try {
      delivery = await send();
    } catch (error) {
      return { state: "rejected", detail: shortDetail(`Cannot send ${label}: ${reasonOf(error)}`) };
    }
    const { outcome, error, unable, note, unknown } = delivery;
    this.#levels = delivery.levels ?? this.#levels;
    const detail = error === undefined ? note : shortDetail(error.message);
    switch (outcome) {
      case "applied":
      case "unchanged":
        return { state: "applied", detail, unknown };
      case "pending":
        return { state: "pending" };
      case "rejected":
        return { state: "rejected", detail };
      case "unconfirmed":
        return delivery.kind === "silent"
          ? { state: "applied", detail: detail ?? "sent, not confirmed" }
          : { state: "pending", detail: detail ?? "not confirmed" };
      case "skipped":
        return unable ? { state: "rejected", detail } : undefined;
    }
  }

  /** Learns from the thread's history what it has been sent, and what has ended that. */
  async #readPast({ bucket, clock }: Wanted): Promise<void> {
    for (const entry of await this.#host.past(this.#thread)) {
      this.#learn(entry, bucket, clock.ahead);
    }
  }

  #learn(entry: PastChange, bucket: string, ahead: number): void {
    const { id, outcome, takenBack = [], label, at, detail } = entry;
    const own = id === undefined ? undefined : readWireId(id);
    if (id !== undefined && own?.bucket === bucket && entry.what !== "rollback") {
      this.#sent.add(id);
      if (outcome === "rejected") this.#results.set(own.id, { state: "rejected", detail });
      else if (outcome === "ended") this.#results.set(own.id, { state: "ended", detail });
      else this.#results.set(own.id, { state: "applied" });
      // This entry tells that the lines of a change are gone; the status does not have it any more.
      if (entry.what === "spent") this.#lines.set(own.id, 0);
    }
    for (const { id: taken = "" } of takenBack) {
      const read = readWireId(taken);
      if (read?.bucket !== bucket) continue;
      this.#sent.add(taken);
      if (label === TAKEN_BACK) this.#undone.set(taken, Date.parse(at) + ahead);
      else if (entry.outcome === "applied") {
        const by = entry.user ?? entry.by;
        this.#results.set(read.id, { state: "ended", detail: `${label ?? entry.what} by ${by}` });
      }
    }
  }

  #report({ wanted, waiting, bucket }: Wanted, status: ThreadStatus): ThreadReport {
    const present = new Set(presentIn(status).map((id) => readWireId(id)?.id));
    const changes = wanted.map((change): ChangeReport => {
      const { id } = change, known = this.#results.get(id);
      const left = this.#lines.get(id);
      const linesLeft = left === undefined ? {} : { linesLeft: left };
      if (!present.has(id)) {
        return { id, ...known ?? { state: "pending" }, ...linesLeft };
      }
      // The order is on the thread's board, and is carried out once the thread comes to it.
      const isDue = status.pending > 0 && known?.state === "pending";
      const unknown = known?.unknown === undefined ? {} : { unknown: known.unknown };
      if (known?.state === "pending" && !isDue) this.#results.set(id, { state: "applied" });
      return { id, state: isDue ? "pending" : "applied", ...unknown, ...linesLeft };
    });
    const told = new Set([...wanted, ...waiting].map(({ id }) => id));
    const leaving = [...this.#leavingIn(status, bucket)].filter((id) => !told.has(id));
    const { app, name, pid, port } = status;
    const ofOthers = status.changes?.filter(({ id }) => readWireId(id)?.bucket !== bucket) ?? [];
    return {
      app,
      thread: name,
      pid,
      port,
      levels: this.#levels,
      changes: [
        ...changes,
        ...waiting.map(({ id }): ChangeReport => ({ id, state: "waiting" })),
        ...leaving.map((id): ChangeReport => ({ ...LEAVING, id })),
      ],
      drift: ofOthers.slice(-5).map(({ id, by }) =>
        shortDetail(readWireId(id) === undefined ? `changed by ${by}` : `${by}, of a bucket before`)
      ),
    };
  }

  /**
   * Changes that the thread still has although its process wants them taken back: the thread has not
   * come to a log call since. Its overrides show that also to an agent that has come later.
   */
  #leavingIn(status: ThreadStatus, bucket: string): Set<string> {
    const overrides = status.pending > 0 ? status.overrides.map(({ id = "" }) => id) : [];
    const present = new Set(presentIn(status));
    const ids = [...this.#leaving, ...overrides.filter((id) => !present.has(id))];
    return new Set(
      ids.map(readWireId).flatMap((one) => one?.bucket === bucket ? one.id : []),
    );
  }

  /** Keeps a listener that takes nothing back and tells of no change: it gets, in order, what stays. */
  async #keepSilent({ wanted, waiting, bucket, clock }: Wanted): Promise<ThreadReport> {
    const ids = wanted.map((change) => wireId(bucket, change));
    const before = [...this.#sent];
    let same = 0;
    while (same < before.length && before[same] === ids[same]) same++;
    // Unwanted changes lay above wanted ones: these are sent once more, and so count again for the
    // loggers that both set.
    if (this.#leaveBehind(wanted, clock.now)) same = 0;
    this.#sent.clear();
    for (const id of ids.slice(0, same)) this.#sent.add(id);
    for (const change of wanted.slice(same)) {
      await this.#send(change, wireId(bucket, change), clock);
      if (this.#results.get(change.id)?.state === "applied") this.#has.set(change.id, change);
    }
    this.#forgetCovered();
    const { target, status } = this.#thread;
    const { app, name, pid, port } = status ?? { app: "", name: "", pid: 0, port: target.port };
    return {
      app,
      thread: name,
      pid,
      port,
      ...status === undefined ? { isSilent: true } : {},
      levels: this.#levels,
      changes: [
        ...wanted.map(({ id }) => ({
          id,
          ...this.#results.get(id) ?? { state: "pending" as const },
        })),
        ...waiting.map(({ id }) => ({ id, state: "waiting" as const })),
        ...[...this.#left.keys()].map((id) => ({ id, ...staying(status) })),
      ],
      drift: [],
    };
  }

  /** Notes the changes that such a listener has and should not have; returns whether more have come. */
  #leaveBehind(wanted: readonly StoredChange[], now: number): boolean {
    const ids = new Set(wanted.map(({ id }) => id));
    const hasEnded = (change: StoredChange) => endOf(change) <= now;
    // Version 0.1.0 takes back itself what has an end.
    for (const [id, change] of this.#has) if (hasEnded(change)) this.#has.delete(id);
    for (const [id, change] of this.#left) if (hasEnded(change)) this.#left.delete(id);
    const left = [...this.#has].filter(([id]) => !ids.has(id));
    for (const [id, change] of left) {
      this.#has.delete(id);
      this.#left.set(id, change);
    }
    return left.length > 0;
  }

  /** Forgets unwanted changes that have no effect, since wanted ones set all of their loggers. */
  #forgetCovered(): void {
    const covered = new Set([...this.#has.values()].flatMap((change) => loggersIn(change) ?? []));
    for (const [id, change] of this.#left) {
      if (loggersIn(change)?.every((name) => covered.has(name))) this.#left.delete(id);
    }
  }
}

/** The loggers whose levels a change sets; undefined if it may do more than that. */
function loggersIn({ text }: StoredChange): string[] | undefined {
  try {
    const { incremental, loggers = {}, root, handlers = {} } = JSON.parse(text);
    const all: Record<string, object> = root === undefined ? loggers : { ...loggers, root };
    const isOfLevels = incremental === true && Object.keys(handlers).length === 0 &&
      Object.values(all).every((one) => Object.keys(one).join() === "level");
    return isOfLevels ? Object.keys(all) : undefined;
  } catch {
    // The text is INI, which sets everything anew.
    return undefined;
  }
}

/** Ids in force, lowest first. */
function presentIn({ changes = [] }: ThreadStatus): string[] {
  return changes.map(({ id }) => id);
}
