import { LOOPBACK } from "../hub/board/attach_options.ts";
import type { Aim } from "../wire/command.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { fitsPattern } from "../core/text/fits_pattern.ts";
import { isKey, isText, isWholeNumber, type OptionRules } from "../core/errors/check_options.ts";
import {
  type Found,
  probeAll,
  rangesOf,
  SCAN_RULES,
  scanDefaults,
  type ScanOptions,
} from "./ports/scan.ts";

/** Which of the threads that listen are meant; all of them unless something is said. */
export interface Targets extends ScanOptions {
  /** Name of the thread; `*` stands for any text. */
  name?: string;
  /** Process id. */
  pid?: number;
  /** Name of the program; `*` stands for any text. */
  app?: string;
  /**
   * What the listener calls itself in its `status`, until it ends: in containers that share a network
   * several processes have one `pid`.
   */
  instance?: string;
  /** Key that signs what is sent, as the listeners know it. @default none */
  key?: string;
}

/** What {@linkcode Targets} must be. */
export const TARGET_RULES: OptionRules<Targets> = {
  ...SCAN_RULES,
  name: isText,
  pid: isWholeNumber(1, 2 ** 31),
  app: isText,
  instance: isText,
  key: isKey,
};

/** A thread that is meant. */
export interface Target {
  /** Where it listens. */
  readonly port: number;
  /** Undefined for a listener that does not tell, as CPython's. */
  readonly status: ThreadStatus | undefined;
}

/** What cannot be asked. */
export type Skipped = Extract<Found, { kind: "foreign" | "busy" }>;

/** What was found, told apart. */
export interface Selection {
  readonly targets: readonly Target[];
  /** Foreign services among the ports, with how they showed, and who takes no more questions. */
  readonly skipped: readonly Skipped[];
}

/** What came of a command at each thread that is meant, and which ports were skipped. */
export interface Outcomes<T> extends Pick<Selection, "skipped"> {
  readonly done: readonly T[];
}

/**
 * Looks for the threads that are meant. Listeners that do not tell who they are, as
 * CPython's, are meant only where no name, process or program is asked for.
 *
 * @throws {NoTargetError} A name, process or program was given that nobody has.
 */
export async function selectTargets(
  targets: Targets = {},
  /** Ports that are not looked at. */
  isKnown: (port: number) => boolean = () => false,
): Promise<Selection> {
  const { done, skipped } = await actOnTargets(targets, (target) => target, false, isKnown);
  return { targets: done, skipped };
}

/**
 * Does something with each of the threads that are meant, as soon as it has told that it is
 * one: those that are slow to answer delay no others, and none is asked for its levels.
 *
 * @throws {NoTargetError} A name, process or program was given that nobody has.
 */
export async function forEachTarget<T>(
  targets: Targets,
  act: (target: Target) => T | Promise<T>,
  /** Ports that are not looked at. */
  isKnown?: (port: number) => boolean,
): Promise<Outcomes<T>> {
  return await actOnTargets(targets, act, true, isKnown);
}

async function actOnTargets<T>(
  targets: Targets,
  act: (target: Target) => T | Promise<T>,
  isQuick: boolean,
  isKnown: (port: number) => boolean = () => false,
): Promise<Outcomes<T>> {
  const { ports, ...rest } = scanDefaults(targets);
  const { name, pid, app, instance } = targets;
  const isAll = [name, pid, app, instance].every((one) => one === undefined);
  const asked = ports.filter((port) => !isKnown(port));
  const all = await probeAll(asked, rest, isQuick, async (found) => {
    if (found === undefined) return { found };
    const isHere = found.kind === "silent" ? isAll : isMeant(found, targets);
    if (!isHere) return { found };
    const status = found.kind === "logdial" ? found.status : undefined;
    return { found, done: await act({ port: found.port, status }) };
  });
  const found = all.flatMap((one) => one.found ?? []);
  const done = all.flatMap((one) => "done" in one ? [one.done as T] : []);
  const skipped = found.filter((one): one is Skipped =>
    one.kind === "foreign" || (isBusy(one) && mayBeMeant(one, targets))
  );
  if (!isAll && done.length === 0 && !skipped.some(isBusy)) {
    throw new NoTargetError(
      `Cannot find a thread with ${describe(targets)}: ${listed(found, targets)}`,
      found.length === 0,
    );
  }
  return { done, skipped };
}

/** Whether it is a thread that takes no more questions now. */
export function isBusy(found: Found): found is Extract<Found, { kind: "busy" }> {
  return found.kind === "busy";
}

/** Whether one of whom no more is known may be meant: it may also lead to threads of other names. */
function mayBeMeant({ pid }: { readonly pid: number }, targets: Targets): boolean {
  return targets.pid === undefined || targets.pid === pid;
}

function isMeant(found: Found, targets: Targets): boolean {
  if (found.kind !== "logdial") return false;
  // The threads that follow it are reached by its port.
  return threadsOf(found.status).some((status) => fitsTargets(status, targets));
}

/** Whether a thread has the name, process and program that are asked for. */
export function fitsTargets(
  status: ThreadStatus,
  { name, pid, app, instance }: Targets,
): boolean {
  return (instance === undefined || status.instance === instance) &&
    (name === undefined || fitsPattern(status.name, name)) &&
    (pid === undefined || status.pid === pid) &&
    (app === undefined || fitsPattern(status.app, app));
}

/**
 * Whom a frame is for, as it says itself: its listener leads it to others, also to such as come
 * late, but nothing of what goes to single ports.
 */
export function aimOf(targets: Targets, { port, status }: Target): Aim | undefined {
  const { name } = targets;
  // An older listener knows no programs, and leads what is for one to the threads of others as well.
  const app = status?.can?.includes("apps") === true ? targets.app : undefined;
  const ranges = rangesOf(targets).filter(([first, last]) => first <= port && port <= last);
  const isSingle = ranges.every(([first, last]) => first === last);
  if (name === undefined && app === undefined && !isSingle) return undefined;
  // The port that the listener tells, where it is reached through another one, as by a tunnel.
  const own = { port: status?.port ?? port };
  // A thread that has none is reached by the port of another one, which is not meant.
  const isOwn = status === undefined || fitsTargets(status, { name, app });
  return {
    ...name === undefined ? {} : { name },
    ...app === undefined ? {} : { app },
    ...isSingle && isOwn ? own : {},
  };
}

/** The threads at a listener for whom a frame is, as {@linkcode aimOf} says it. */
export function threadsAimedAt(target: Target, targets: Targets): ThreadStatus[] {
  const { status } = target, { name, app, port } = aimOf(targets, target) ?? {};
  if (status === undefined) return [];
  // The threads that follow it are not meant by its port.
  const threads = port === undefined ? threadsOf(status) : [status];
  return threads.filter((one) => fitsTargets(one, { name, app }));
}

function describe({ name, pid, app, instance }: Targets): string {
  const parts = [];
  if (name !== undefined) parts.push(`name "${name}"`);
  if (pid !== undefined) parts.push(`pid ${pid}`);
  if (app !== undefined) parts.push(`app "${app}"`);
  if (instance !== undefined) parts.push(`instance "${instance}"`);
  return parts.join(" and ");
}

/** Tells which names, pids or apps there are, according to what was asked for. */
function listed(found: readonly Found[], targets: Targets): string {
  const { name, pid, app } = targets;
  const threads = found.flatMap((one) => one.kind === "logdial" ? threadsOf(one.status) : []);
  if (threads.length === 0) return nobodyOn(targets);
  const all = threads.map((one) => {
    const about = name === undefined ? [] : [one.name];
    if (pid !== undefined) about.push(`pid ${one.pid}`);
    if (app !== undefined) about.push(one.app === "" ? "no app" : `app "${one.app}"`);
    if (targets.instance !== undefined) about.push(`instance "${one.instance}"`);
    return about.join(" with ");
  });
  return `those that listen ${name === undefined ? "have" : "are"} ${[...new Set(all)].join(", ")}`;
}

/** Says where nobody listens. */
function nobodyOn(targets: Targets): string {
  return `nobody listens on ${describePlace(targets)}`;
}

/** Nobody can do what is asked of a thread, with who is there instead. */
export function nobodyWho(
  does: string,
  silent: number,
  skipped: readonly Skipped[],
  targets: Targets,
): NoTargetError {
  const busy = skipped.find(isBusy), foreign = skipped.length;
  const hangs = skipped.some((one) => one.kind === "foreign" && one.isMute);
  const reason = busy !== undefined
    ? `port ${busy.port} takes no more questions: ${busy.reason}`
    : silent > 0
    ? `${silent} CPython listener${silent === 1 ? " takes" : "s take"} configurations only`
    : foreign > 0
    ? `what listens (${foreign}) is no logging server${hangs ? ", or hangs" : ""}`
    : nobodyOn(targets);
  return new NoTargetError(`Cannot ${does}: ${reason}`, silent + foreign === 0);
}

/** Where listeners are looked for, as `127.0.0.1, ports 9001 to 9029`. */
export function describePlace(targets: ScanOptions): string {
  const ports = rangesOf(targets).map(([first, last]) =>
    first === last ? `${first}` : `${first} to ${last}`
  );
  const isOne = ports.length === 1 && !ports[0]!.includes(" ");
  return `${targets.hostname ?? LOOPBACK[0]}, ${isOne ? "port" : "ports"} ${ports.join(", ")}`;
}

/** The thread that told a status, and those that follow it. */
export function threadsOf(status: ThreadStatus): ThreadStatus[] {
  return [status, ...status.followers ?? []];
}

/**
 * Thrown when nobody who listens has the `name`, `pid` or `app` that is meant, and by `tail` and
 * `dump` also when nobody listens at all.
 *
 * @example
 * ```ts
 * import { NoTargetError, set } from "@logdial/logging/client";
 *
 * try {
 *   await set({ "app.db": "DEBUG" }, { name: "nobody" });
 * } catch (error) {
 *   if (error instanceof NoTargetError) console.log("nobody listens");
 * }
 * ```
 */
export class NoTargetError extends Error {
  /** Name of the class. */
  override readonly name = "NoTargetError";
  /** Whether nobody listens at all. */
  readonly isAlone: boolean;

  /** Says who is there instead, unless nobody is. */
  constructor(message: string, isAlone = false) {
    super(message);
    this.isAlone = isAlone;
  }
}
