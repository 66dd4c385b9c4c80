import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { pause } from "../../core/runtime/pause.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import {
  type ChangeRow,
  type FleetOperator,
  type KeptChange,
  rowsFor,
  type SeenAgent,
} from "../../fleet/fleet_operator.ts";
import type { StoredChange } from "../../fleet/fleet_change.ts";
import type { UnknownLogger } from "../../wire/logger_notes.ts";
import { describeNotes } from "../printing/notes.ts";
import { targetText } from "../../fleet/fleet_target.ts";
import { seenKey } from "../../fleet/fleet_keys.ts";
import { EXIT } from "../answers/exit_status.ts";
import { printResult } from "../answers/print_result.ts";
import type { Flags } from "../arguments/flags.ts";
import { formatTable } from "../printing/format_table.ts";
import { bold, dim, green, print, red, yellow } from "../printing/print.ts";
import { printWrapped } from "../printing/wrap.ts";

/** How long the command waits for agents unless it is said, in milliseconds. */
export const WAIT_MS = 5000;
/**
 * How much longer than a look at all threads the pause before the next one is: a look for each of many
 * agents that tell at the same time would take longer than they all.
 */
const PAUSE_PER_LOOK = 4;
/** So many threads, or more, of which the same is to be said have one line together. */
const MANY = 4;

/**
 * Waits until all agents have told the outcome of a change, until its rollout is stopped, for so long,
 * or until `signal`.
 *
 * @returns How the change stands then.
 */
export async function settled(
  operator: FleetOperator,
  kept: KeptChange,
  wait: number,
  signal?: AbortSignal,
): Promise<ChangeRow[]> {
  // Agents take back a rollout that is stopped, and tell nothing of it any more.
  const isStopped = async () => (await operator.withHalt(kept)).halt !== undefined;
  const waiting = { wait, signal };
  const [rows] = await follow(operator, [kept], waiting, allSettled, isStopped);
  return rows!;
}

/**
 * Waits until no agent tells of changes any more that were taken back, for so long, or until `signal`.
 *
 * @returns Where there still is one of these changes.
 */
export async function unsettled(
  operator: FleetOperator,
  ended: readonly StoredChange[],
  wait: number,
  signal?: AbortSignal,
): Promise<ChangeRow[]> {
  const all = ended.map((change) => ({ key: "", change }));
  const rows = await follow(operator, all, { wait, signal }, (one) => one.every(isDone));
  return rows.flat().filter((row) => !isDone(row));
}

/** Whether a thread does not have the change any more, or its agent has gone. */
function isDone({ state, isLeaving }: ChangeRow): boolean {
  return state !== "applied" && !isLeaving;
}

async function follow(
  operator: FleetOperator,
  all: readonly KeptChange[],
  { wait, signal }: { readonly wait: number; readonly signal: AbortSignal | undefined },
  isSettled: (rows: readonly ChangeRow[]) => boolean,
  isStopped: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<ChangeRow[][]> {
  const known = new Map<string, SeenAgent>();
  const note = (agent: SeenAgent) =>
    known.set(seenKey(agent.report.host, agent.report.agent), agent);
  for (const agent of await operator.agents()) note(agent);
  const rowsOf = (kept: KeptChange) => rowsFor(kept, known.values());
  // Agents find buckets that have just been made within a second.
  const isEnough = () =>
    all.map(rowsOf).every((rows) => isSettled(rows) && (rows.length > 0 || !operator.isNew));
  const { agents, stop } = await operator.follow();
  const stopWaiting = giveUpAfter(wait, stop);
  signal?.addEventListener("abort", stop);
  let hasNews = false, isLooking = false, taken = 0;
  let failure: { readonly error: unknown } | undefined;
  const look = async () => {
    isLooking = true;
    while (hasNews) {
      await pause(PAUSE_PER_LOOK * taken);
      hasNews = false;
      const begun = performance.now();
      if (isEnough() || await isStopped()) stop();
      taken = performance.now() - begun;
    }
    isLooking = false;
  };
  const giveUp = (error: unknown) => {
    failure = { error };
    stop();
  };
  try {
    if (isEnough() || signal?.aborted) return all.map(rowsOf);
    for await (const agent of agents) {
      note(agent);
      hasNews = true;
      if (!isLooking) look().catch(giveUp);
    }
  } finally {
    stopWaiting();
    signal?.removeEventListener("abort", stop);
    stop();
  }
  if (failure !== undefined) throw failure.error;
  return all.map(rowsOf);
}

function allSettled(rows: readonly ChangeRow[]): boolean {
  return rows.every(({ state }) => state !== "pending" && state !== "offline");
}

/** Prints how a change stands now, by the server's clock; returns the exit status. */
export async function reportChange(
  kept: KeptChange,
  rows: readonly ChangeRow[],
  flags: Flags,
  now: number,
): Promise<number> {
  const exit = exitOf(kept, rows), { halt } = kept;
  // A stopped rollout is in force nowhere, whatever agents told before.
  const told = halt === undefined ? rows : rows.filter(({ state }) => state === "rejected");
  if (flags.json) {
    const { id, label, to } = kept.change;
    printResult({
      command: flags.command,
      exit,
      error: halt && { message: `stopped by the agent of ${halt.host}: ${halt.reason}` },
      threads: told.map(({ at, ...row }) => ({ id, label, to, ...row, seen: isoOf(at) })),
    });
    return exit;
  }
  for (const line of await formatTable(tableOf(told, now))) print(line);
  const notes = describeNotes({ unknown: newEverywhere(told) }).map(yellow);
  await printWrapped(...notes, summary(kept, rows));
  return exit;
}

function exitOf({ halt }: KeptChange, rows: readonly ChangeRow[]): number {
  if (halt !== undefined) return EXIT.rejected;
  const meant = rows.filter(({ state }) => state !== "waiting");
  if (rows.length === 0) return EXIT.nobody;
  if (meant.some(({ state }) => state === "rejected")) return EXIT.rejected;
  return meant.every(({ state }) => state === "applied") ? EXIT.ok : EXIT.unconfirmed;
}

/** The loggers that no thread with the change had before; CPython's listeners do not tell. */
function newEverywhere(rows: readonly ChangeRow[]): UnknownLogger[] {
  const told = rows.filter(({ state, thread }) => state === "applied" && thread !== "")
    .map(({ unknown = [] }) => unknown);
  // Programs have different loggers that may have been meant.
  return (told[0] ?? []).flatMap(({ logger }) => {
    const all = told.flatMap((unknown) => unknown.find((one) => one.logger === logger) ?? []);
    if (all.length < told.length) return [];
    return all.find(({ similar }) => similar !== undefined) ?? all[0]!;
  });
}

/** A row for each thread, or one for many on all hosts that have the same to tell. */
function tableOf(rows: readonly ChangeRow[], now: number): string[][] {
  const groups = new Map<string, ChangeRow[]>();
  for (const row of rows) {
    const key = row.state === "offline" ? `offline ${row.host}` : `${row.state} ${row.detail}`;
    groups.set(key, [...groups.get(key) ?? [], row]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group.length < MANY) return group.map((row) => line([row], now));
    return [line(group, now)];
  });
}

function line(group: readonly ChangeRow[], now: number): string[] {
  const [first] = group as readonly [ChangeRow];
  const { host, app, thread, port } = first;
  const hosts = new Set(group.map((one) => one.host));
  const who = group.length === 1
    ? [host, thread || `port ${port}`, app]
    : [hosts.size === 1 ? host : `${hosts.size} hosts`, `×${group.length} threads`, ""];
  return [bold(who[0]!), who[1]!, dim(who[2]!), stateText(first), detailText(first, now)];
}

/** A state in its colour. */
function stateText({ state }: Pick<ChangeRow, "state">): string {
  switch (state) {
    case "applied":
      return green(state);
    case "pending":
      return yellow(state);
    case "rejected":
      return red(state);
    case "offline":
    case "ended":
      return yellow(state);
    case "waiting":
      return dim(state);
  }
}

function detailText({ state, detail = "", at }: ChangeRow, now: number): string {
  if (state === "offline") return `last seen ${formatDuration(Math.max(0, now - at))} ago`;
  if (state === "pending" && detail === "") return "applies at its next log call";
  return detail;
}

function summary(kept: KeptChange, rows: readonly ChangeRow[]): string {
  const { change: { id, to, label, lasts, lines }, halt } = kept;
  const most = lines === undefined ? undefined : `${lines} lines`;
  const ends = [lasts === undefined ? undefined : formatDuration(lasts), most]
    .filter((one) => one !== undefined);
  const end = ends.length === 0 ? "" : ` for ${ends.join(" or ")}`;
  if (halt !== undefined) {
    const who = `${label} (${id}) was stopped by the agent of ${halt.host}`;
    return red(`${who}, and is taken back: ${halt.reason}`);
  }
  if (rows.length === 0) {
    return yellow(
      `stored ${label} (${id})${end}, and no agent tells of anybody whom it means ` +
        `(${targetText(to)}): whoever comes gets it`,
    );
  }
  const count = (state: ChangeRow["state"]) => rows.filter((row) => row.state === state).length;
  const waiting = count("waiting");
  const parts = [`${count("applied")} of ${rows.length} threads applied ${label} (${id})${end}`];
  for (const state of ["pending", "rejected", "ended", "offline"] as const) {
    if (count(state) > 0) parts.push(`${count(state)} ${state}`);
  }
  if (waiting > 0) parts.push(`${waiting} wait for their step, see fleet status`);
  if (count("rejected") > 0) parts.push("stored all the same, fleet rollback takes it back");
  return (exitOf(kept, rows) === EXIT.ok ? green : yellow)(parts.join(", "));
}

/** A time of the server for programs. */
export function isoOf(at: number): string {
  return new Date(at).toISOString();
}
