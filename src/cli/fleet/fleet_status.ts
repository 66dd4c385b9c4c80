import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import { endOf } from "../../fleet/fleet_change.ts";
import {
  type ChangeRow,
  type FleetOperator,
  isOffline,
  type KeptChange,
  rowsFor,
  type SeenAgent,
} from "../../fleet/fleet_operator.ts";
import { isMeantBy, targetText } from "../../fleet/fleet_target.ts";
import { stepAt } from "../../fleet/rollout.ts";
import { EXIT } from "../answers/exit_status.ts";
import { printResult } from "../answers/print_result.ts";
import type { Flags } from "../arguments/flags.ts";
import { coloredLevel } from "../printing/level_color.ts";
import { formatTable } from "../printing/format_table.ts";
import { bold, dim, print, red, yellow } from "../printing/print.ts";
import { isoOf } from "./change_answer.ts";
import { targetOf } from "./wanted_change.ts";

/**
 * How long to wait for agents when the buckets have just been made: for all of them, each of which
 * takes a second or so, and for the first one, in milliseconds.
 */
const ALL_MS = 1500, FIRST_MS = 3000;

/** A thread of the fleet, with what its agent says of it. */
interface ListedThread {
  readonly host: string;
  readonly seen: number;
  readonly isOffline: boolean;
  readonly thread: SeenAgent["report"]["threads"][number];
}

/** `logdial fleet status`: who is there, and how the changes stand. */
export async function showStatus(operator: FleetOperator, flags: Flags): Promise<number> {
  const [agents, changes] = await Promise.all([agentsOf(operator), operator.changes()]);
  const { now } = operator, threads = listThreads(agents, flags, now);
  const exit = threads.length === 0 ? EXIT.nobody : EXIT.ok;
  if (flags.json) {
    printResult({
      command: flags.command,
      exit,
      threads: threads.map(({ host, seen, isOffline, thread }) => ({
        host,
        ...thread,
        seen: isoOf(seen),
        offline: isOffline,
      })),
      changes: changes.map(({ change: { text: _, ...change }, halt }) => ({
        ...change,
        at: isoOf(change.at),
        halt,
      })),
    });
    return exit;
  }
  for (const line of await formatTable(threads.map((one) => row(one, now)))) print(line);
  if (threads.length === 0) print(nobodyText(flags));
  if (changes.length === 0) print(dim("no changes"));
  for (const line of await formatTable(changes.map((one) => changeRow(one, agents, now)))) {
    print(line);
  }
  return exit;
}

function nobodyText(flags: Flags): string {
  const whom = targetText(targetOf(flags)), of = whom === "all" ? "" : ` of ${whom}`;
  return yellow(`no agent has told of any thread${of}, see logdial agent`);
}

/** `logdial fleet diff`: where threads are not as the fleet is to be. */
export async function showDiff(operator: FleetOperator, flags: Flags): Promise<number> {
  const [agents, stored] = await Promise.all([agentsOf(operator), operator.stored()]);
  const { now } = operator, missing = missingIn(stored, agents, now);
  const all = listThreads(agents, flags, now);
  const differing = all.flatMap((listed) => {
    const { host, thread, isOffline } = listed, { drift } = thread;
    const parts = [...missing.get(placeOf(host, thread)) ?? [], ...leftIn(listed, stored, now)];
    parts.push(...drift);
    if (isOffline) parts.push("offline");
    return parts.length === 0 ? [] : [{ ...listed, parts }];
  });
  const isNobody = all.length === 0;
  const exit = isNobody ? EXIT.nobody : differing.length === 0 ? EXIT.ok : EXIT.unconfirmed;
  if (flags.json) {
    const threads = differing.map(({ host, thread, parts }) => ({
      host,
      app: thread.app,
      thread: thread.thread,
      port: thread.port,
      differs: parts,
    }));
    printResult({ command: flags.command, exit, threads });
    return exit;
  }
  const rows = differing.map((one) => [...whoOf(one), one.parts.join("; ")]);
  for (const line of await formatTable(rows)) print(line);
  if (isNobody) print(nobodyText(flags));
  else if (rows.length === 0) print(dim("all threads are as the fleet is to be"));
  return exit;
}

/** The changes that threads should have and do not, by their places. */
function missingIn(
  stored: readonly KeptChange[],
  agents: readonly SeenAgent[],
  now: number,
): Map<string, string[]> {
  const missing = new Map<string, string[]>();
  for (const kept of stored) {
    if (!isWanted(kept, now)) continue;
    for (const row of rowsFor(kept, agents)) {
      const { host, state, detail = "" } = row;
      if (state === "applied" || state === "waiting") continue;
      const said = state === "offline" ? "pending its agent has told nothing since" : state;
      const place = placeOf(host, row), part = `${kept.change.label} ${said} ${detail}`.trim();
      missing.set(place, [...missing.get(place) ?? [], part]);
    }
  }
  return missing;
}

/** The changes that a thread still had when its agent told last, and should not have any more. */
function leftIn(
  { seen, thread: { changes } }: ListedThread,
  stored: readonly KeptChange[],
  now: number,
): string[] {
  const known = new Map(stored.map((kept) => [kept.change.id, kept]));
  return changes.flatMap(({ id, state, detail, isLeaving }) => {
    const kept = known.get(id), label = kept?.change.label ?? id;
    if (isLeaving) return [`${label} ${state} ${detail ?? ""}`.trim()];
    // A change that ends by itself needs no agent for that.
    const hasEnded = kept !== undefined && endOf(kept.change) <= now;
    if (state !== "applied" || hasEnded || kept !== undefined && isWanted(kept, now)) return [];
    return [`${label} applied ${formatDuration(Math.max(0, now - seen))} ago, and wanted no more`];
  });
}

function isWanted({ change, halt }: KeptChange, now: number): boolean {
  return halt === undefined && endOf(change) > now;
}

/** A text that tells a thread from all others of the fleet. */
function placeOf(host: string, { pid, port, thread }: Pick<ChangeRow, "pid" | "port" | "thread">) {
  return JSON.stringify([host, pid, port, thread]);
}

/** What agents have told; if the buckets have just been made, it waits for the agents. */
async function agentsOf(operator: FleetOperator): Promise<SeenAgent[]> {
  if (operator.isNew) {
    const { agents, stop } = await operator.follow();
    let isTold = false, isLate = false;
    const waits = [
      giveUpAfter(ALL_MS, () => {
        isLate = true;
        if (isTold) stop();
      }),
      giveUpAfter(FIRST_MS, stop),
    ];
    try {
      for await (const { report } of agents) {
        isTold ||= report.threads.length > 0;
        if (isTold && isLate) break;
      }
    } finally {
      for (const stopWaiting of waits) stopWaiting();
      stop();
    }
  }
  return await operator.agents();
}

function listThreads(agents: readonly SeenAgent[], flags: Flags, now: number): ListedThread[] {
  const target = targetOf(flags), found = new Map<string, ListedThread>();
  for (const agent of agents) {
    const { report, at } = agent;
    for (const thread of report.threads) {
      const { host } = report, { app, thread: name } = thread;
      if (!isMeantBy(target, { host, app, thread: name })) continue;
      const key = placeOf(host, thread);
      // Two agents may serve the same thread.
      if ((found.get(key)?.seen ?? -1) > at) continue;
      found.set(key, { host, seen: at, isOffline: isOffline(agent, now), thread });
    }
  }
  return [...found.values()].sort((a, b) =>
    a.host < b.host ? -1 : a.host > b.host ? 1 : a.thread.port - b.thread.port
  );
}

function whoOf({ host, thread: { app, thread, port } }: ListedThread): string[] {
  return [bold(host), thread || dim(`CPython ${port}`), dim(app)];
}

function row(listed: ListedThread, now: number): string[] {
  const { seen, isOffline, thread: { levels, changes, drift, isCut } } = listed;
  const some = Object.entries(levels).slice(0, 4)
    .map(([name, level]) => `${name}=${coloredLevel(level)}`);
  if (isCut || Object.keys(levels).length > some.length) some.push("…");
  const differing = changes.filter(({ state }) => state !== "applied" && state !== "waiting");
  const notes = [
    isOffline ? yellow(`offline, last seen ${formatDuration(now - seen)} ago`) : "",
    ...differing.map(({ id, state, detail }) =>
      yellow(`${id} ${state}${detail ? `: ${detail}` : ""}`)
    ),
    ...drift.map(yellow),
  ];
  return [...whoOf(listed), some.join(" "), notes.filter((note) => note !== "").join("; ")];
}

function changeRow(kept: KeptChange, agents: readonly SeenAgent[], now: number): string[] {
  const { change, halt } = kept;
  const { id, label, to, by, reason, at, rollout, lines } = change;
  const rows = rowsFor(kept, agents);
  const end = endOf(change);
  const has = rows.filter(({ state }) => state === "applied").length;
  const step = rollout === undefined ? undefined : stepAt(rollout, at, now);
  const parts = [
    end === Infinity ? "stays" : `${formatDuration(end - now)} left`,
    lines === undefined ? "" : `${lines} lines in all`,
    `${has} of ${rows.length} threads have it`,
    halt !== undefined
      ? red(`stopped by the agent of ${halt.host}: ${halt.reason}`)
      : rollout === undefined
      ? ""
      : `step ${step! + 1} of ${rollout.steps.length}, ${rollout.steps[step!]! * 100}%`,
    by === undefined ? "" : dim(`by ${by}${reason === undefined ? "" : `, because "${reason}"`}`),
  ];
  return [id, label, targetText(to), parts.filter((part) => part !== "").join(", ")];
}
