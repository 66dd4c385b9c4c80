import type { Override } from "../../wire/message.ts";
import type { Scope } from "../api/scope.ts";
import type { LiveEvent, WebThread } from "../live/web_thread.ts";
import { INHERITED } from "./levels.ts";

type LoggerInfo = NonNullable<WebThread["loggers"]>[number];

/** How far two clocks are apart that are not the same, in milliseconds. */
const OTHER_CLOCK_MS = 3000;

/** Name of the thread with which a process begins. */
const MAIN = "MainProcess";

/** A program, or a process that has no name. */
export interface Program {
  readonly key: string;
  readonly name: string;
  readonly scope: Scope;
  readonly threads: readonly WebThread[];
  /** How many processes these are. */
  readonly processes: number;
}

/** A logger in the threads of a scope: how many of them have which level. */
export interface LoggerRow {
  readonly name: string;
  /** Threads by own level; `NOTSET` where it is taken from above. */
  readonly own: ReadonlyMap<string, number>;
  /** Threads by the level that counts. */
  readonly effective: ReadonlyMap<string, number>;
  readonly out: readonly string[];
  readonly silent: readonly string[];
  /** In how many threads there is such a logger. */
  readonly threads: number;
  readonly infos: readonly LoggerInfo[];
}

/** The threads that there are, and what the user has chosen. */
export class Model {
  #ports = new Map<number, readonly WebThread[]>();
  #scope: Scope = { kind: "all" };
  /** The thread of its port that is chosen, if it has one: the next one there is another thread. */
  #leader: string | undefined;
  #ahead = 0;
  /** Whether it has been told what there is. */
  isTold = false;
  /** The logger that is turned. */
  logger = "root";

  /** The threads for which the next change is. */
  get scope(): Scope {
    return this.#scope;
  }

  /** Chooses threads. */
  set scope(scope: Scope) {
    const isLeader = scope.kind === "thread" && scope.name === undefined;
    this.#leader = isLeader
      ? this.threads.find((one) => isIn(one, scope))?.status?.name
      : undefined;
    this.#scope = scope;
  }

  /** The time by the server's clock, which another machine's browser may not have. */
  get now(): number {
    return Date.now() + this.#ahead;
  }

  /** Takes in an event. */
  take({ ports, at }: LiveEvent): void {
    this.isTold = true;
    const ahead = at - Date.now(), late = this.#ahead - ahead;
    // What only took its time to come is no other clock. After the browser has stood still, much
    // comes late, and what comes faster then tells the server's time better.
    if (late < 0 || late > OTHER_CLOCK_MS) this.#ahead = ahead;
    for (const { port, threads } of ports) this.#ports.set(port, threads);
  }

  /** Everything that answers on the ports. */
  get all(): readonly WebThread[] {
    return [...this.#ports].sort(([a], [b]) => a - b).flatMap(([, threads]) => threads);
  }

  /** The threads that can be turned. */
  get threads(): readonly WebThread[] {
    return this.all.filter(({ kind }) => kind === "logdial");
  }

  /** The threads by program. */
  get programs(): readonly Program[] {
    const programs = new Map<string, Omit<Program, "processes"> & { threads: WebThread[] }>();
    const shared = sharedPids(this.threads);
    for (const thread of this.threads) {
      const { app, pid, instance } = thread.status!;
      const scope: Scope = app !== ""
        ? { kind: "app", app }
        : { kind: "process", pid, ...shared.has(pid) ? { instance } : {} };
      const key = JSON.stringify(scope);
      const program = programs.get(key) ??
        { key, name: app === "" ? `process ${pid}` : app, scope, threads: [] };
      program.threads.push(thread);
      programs.set(key, program);
    }
    return [...programs.values()].map((program) => {
      const processes = program.threads.map(({ status }) =>
        shared.has(status!.pid) ? status!.instance : status!.pid
      );
      return { ...program, processes: new Set(processes).size };
    });
  }

  /** The threads that are chosen. */
  get chosen(): readonly WebThread[] {
    const leader = this.#leader;
    return this.threads.filter((thread) =>
      isIn(thread, this.#scope) && (leader === undefined || thread.status!.name === leader)
    );
  }

  /** Whether this scope, which is that of these threads, is chosen. */
  isChosen(scope: Scope, [first]: readonly WebThread[]): boolean {
    return isSame(scope, this.#scope) &&
      (scope.kind !== "thread" || first !== undefined && this.chosen.includes(first));
  }
}

/**
 * Numbers that several processes have, as in containers that share a network: a process has one main
 * thread. Other threads of a process tell different instances where each of them serves itself.
 */
function sharedPids(threads: readonly WebThread[]): Set<number> {
  const mains = new Map<number, Set<string | undefined>>();
  for (const { status } of threads) {
    const { name, pid, instance } = status!;
    if (name === MAIN) mains.set(pid, (mains.get(pid) ?? new Set()).add(instance));
  }
  return new Set([...mains].flatMap(([pid, instances]) => instances.size > 1 ? pid : []));
}

/** Whether a thread is of a scope. */
function isIn({ status, port, follows }: WebThread, scope: Scope): boolean {
  switch (scope.kind) {
    case "all":
      return true;
    case "app":
      return status?.app === scope.app;
    case "process":
      return status?.pid === scope.pid &&
        (scope.instance === undefined || status.instance === scope.instance);
    case "thread":
      return port === scope.port && status?.pid === scope.pid &&
        (follows ? status.name === scope.name : scope.name === undefined);
  }
}

/** The scope that is one thread. */
export function scopeOf({ port, status, follows }: WebThread): Scope {
  const { pid, name } = status!;
  return { kind: "thread", port, pid, ...follows ? { name } : {} };
}

/**
 * How long after an answer threads are asked again at the earliest, in milliseconds, if they have
 * another state: each question makes another one.
 */
export const AGAIN_MS = 500;

/** Is another one when something has been changed in these threads, or they are others. */
export function stateOf(threads: readonly WebThread[]): string {
  return JSON.stringify(threads.map(({ key, status }) => [
    key,
    status!.changed?.at,
    status!.generation,
    status!.overrides.length,
  ]));
}

/** A scope in words. */
export function scopeText(scope: Scope, threads: readonly WebThread[]): string {
  const count = threads.length === 1 ? "the one thread" : `all ${threads.length} threads`;
  switch (scope.kind) {
    case "all":
      return threads.length === 1 ? "the one thread that listens" : count;
    case "app":
      return `${count} of ${scope.app}`;
    case "process":
      return `${count} of process ${scope.pid}`;
    case "thread": {
      const name = threads[0]?.status?.name ?? scope.name ?? "a thread that has ended";
      return `${name} on port ${scope.port}`;
    }
  }
}

/** Whether two scopes are the same. */
function isSame(a: Scope, b: Scope): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The level that counts for a logger, by the own levels that there are. */
export function effectiveLevel(levels: Readonly<Record<string, string>>, name: string): string {
  for (let at = name; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("."), 0))) {
    const own = at !== "root" && Object.hasOwn(levels, at) ? levels[at]! : INHERITED;
    if (own !== INHERITED) return own;
  }
  return levels.root ?? INHERITED;
}

/** The loggers of some threads, the root first, each behind the one above it. */
export function rowsOf(threads: readonly WebThread[]): LoggerRow[] {
  const names = new Set(["root"]);
  for (const { status, loggers = [] } of threads) {
    for (const name of Object.keys(status!.levels)) names.add(name);
    for (const { name } of loggers) names.add(name);
  }
  return [...names].sort(byTree).map((name) => rowOf(name, threads));
}

/** The row of a logger, which may not exist yet. */
export function rowOf(name: string, threads: readonly WebThread[]): LoggerRow {
  const own = new Map<string, number>(), effective = new Map<string, number>();
  const infos: LoggerInfo[] = [];
  let count = 0;
  for (const { status, loggers = [] } of threads) {
    const { levels } = status!;
    const info = loggers.find((one) => one.name === name);
    if (info !== undefined) infos.push(info);
    if (info !== undefined || Object.hasOwn(levels, name)) count++;
    add(own, Object.hasOwn(levels, name) ? levels[name]! : INHERITED);
    add(effective, effectiveLevel(levels, name));
  }
  return {
    name,
    own,
    effective,
    out: [...new Set(infos.flatMap(({ out }) => out))],
    silent: [
      ...new Set(infos.flatMap(({ silent, disabled }) => disabled ? "disabled" : silent ?? [])),
    ],
    threads: count,
    infos,
  };
}

/** A change in force, once for all threads that have it. */
export interface Force {
  readonly key: string;
  readonly override: Override;
  readonly threads: readonly WebThread[];
  /** Lines that are left, of all processes together; undefined if these do not end it. */
  readonly linesLeft: number | undefined;
  readonly maxLines: number | undefined;
}

/** The changes in force that end by themselves, the next to end first. */
export function forcesOf(threads: readonly WebThread[]): Force[] {
  const found = new Map<string, { override: Override; threads: WebThread[] }>();
  for (const thread of threads) {
    for (const override of thread.status!.overrides) {
      const key = override.id ?? `${override.label} ${override.by} ${override.until}`;
      const known = found.get(key) ?? { override, threads: [] };
      known.threads.push(thread);
      found.set(key, known);
    }
  }
  return [...found].map(([key, { override, threads }]) => ({
    key,
    override,
    threads,
    ...budgetOf(key, threads),
  })).sort((a, b) => a.override.until < b.override.until ? -1 : 1);
}

/** The lines left of a change: each process has its own budget, and the smallest rest is shown. */
function budgetOf(
  key: string,
  threads: readonly WebThread[],
): Pick<Force, "linesLeft" | "maxLines"> {
  const [least] = threads.flatMap(({ status }) => status!.overrides)
    .filter((one) => one.linesLeft !== undefined && (one.id === undefined || one.id === key))
    .sort((a, b) => a.linesLeft! - b.linesLeft!);
  return { linesLeft: least?.linesLeft, maxLines: least?.maxLines };
}

function byTree(a: string, b: string): number {
  if (a === "root" || b === "root") return a === b ? 0 : a === "root" ? -1 : 1;
  const one = a.split("."), other = b.split(".");
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    if (one[at] !== other[at]) return one[at]! < other[at]! ? -1 : 1;
  }
  return one.length - other.length;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
