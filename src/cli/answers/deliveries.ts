import { exitStatus, isDone, isMeant } from "./exit_status.ts";
import type { Delivery } from "../../client/request.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import { changedLevels, type LastChange, type Levels } from "../../wire/message.ts";
import type { Flags } from "../arguments/flags.ts";
import { groupEqual, MANY, nobodyText } from "./groups.ts";
import { linesText } from "./lines_text.ts";
import { printThreads } from "./print_result.ts";
import { changeText } from "./sender_text.ts";
import {
  describeNotes,
  groupNotes,
  type Note,
  openedText,
  recorderText,
} from "../printing/notes.ts";
import { bold, dim, green, print, red, yellow } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";
import { printWrapped } from "../printing/wrap.ts";

/** A reason that is at least so long is told once, in characters. */
const LONG = 100;
/** So many threads, or more, that have taken a change are not listed one by one. */
const MANY_DONE = 6;
/** Most loggers that are named. */
const MAX_NAMED = 10;

/** What a command has done, as its summary says it. */
export interface Deed {
  /** What threads have done; by default they have `applied the change`. */
  readonly done?: string;
  /** What is said of threads that are `unchanged`. */
  readonly unchanged?: string;
  /** The loggers whose levels the command sets, if it does nothing else. */
  readonly turned?: readonly string[];
  /** What is said of a thread that has taken the change and does not tell what has changed. */
  readonly silently?: string;
}

/** Prints what became of a change, and a summary; returns the exit status. */
export async function reportDeliveries(
  deliveries: readonly Delivery[],
  flags: Flags,
  deed: Deed = {},
): Promise<number> {
  const exit = exitStatus(deliveries);
  if (flags.json) printThreads({ command: flags.command, exit }, deliveries);
  else await printDeliveries(deliveries, flags, deed);
  return exit;
}

async function printDeliveries(
  deliveries: readonly Delivery[],
  flags: Flags,
  deed: Deed,
): Promise<void> {
  const asked = deliveries.filter(isMeant);
  for (const line of await formatTable(rowsOf(deliveries, deed))) print(line);
  const { turned = [] } = deed;
  const notes = turned.includes("root") ? unturned(deliveries, turned) : [];
  if (asked.length > 0) {
    const ours = asked.filter(({ kind }) => kind === undefined);
    notes.push(...groupNotes(ours.map((one) => ({
      port: one.via ?? one.port,
      lines: [...describeNotes(one), ...capNotes(one, flags), ...takenBackNotes(one)],
    }))));
    if (isUneven(asked)) notes.push(yellow("not all threads have taken back the same changes"));
  }
  notes.push(asked.length === 0 ? nobodyText(deliveries, flags) : summary(asked, deed));
  await printWrapped(...notes);
}

/** A row for each thread, or one for many that have the same to tell. */
function rowsOf(deliveries: readonly Delivery[], { silently = "", turned }: Deed): string[][] {
  // The place at which each long reason was told first.
  const told = new Map<string, string>();
  const textOf = (one: Delivery) =>
    detailOf(one, turned !== undefined) ||
    (one.outcome === "applied" && silently !== "" ? dim(silently) : "");
  const key = (one: Delivery) => JSON.stringify([one.kind, one.pid, one.outcome, textOf(one)]);
  const leastOf = ({ kind, error }: Delivery) =>
    kind === undefined && error === undefined ? MANY_DONE : MANY;
  return groupEqual(deliveries, key, leastOf).map(({ label: [ports, who], members: [one] }) => {
    const detail = textOf(one!), at = told.get(detail);
    if (one!.error !== undefined && detail.length > LONG) told.set(detail, at ?? ports);
    const pid = one!.pid === undefined ? "" : `pid ${one!.pid}`;
    const text = at === undefined ? detail : `as ${at}`;
    return [one!.via === undefined ? bold(ports) : dim(ports), who, pid, outcomeText(one!), text];
  });
}

/** How many threads have the change; CPython's listeners, which never tell, count as sent. */
function summary(
  asked: readonly Delivery[],
  { done = "applied the change", unchanged }: Deed,
): string {
  const ours = asked.filter(({ kind }) => kind === undefined);
  const cpython = asked.filter(({ kind }) => kind === "silent");
  const applied = ours.filter(({ outcome }) => outcome === "applied").length;
  const same = ours.filter(({ outcome }) => outcome === "unchanged").length;
  const has = unchanged === undefined ? applied + same : applied;
  const parts: string[] = [];
  const all = `${ours.length} threads`, isAllSame = same === ours.length;
  if (ours.length > 0 && (has > 0 || !isAllSame)) parts.push(`${has} of ${all} ${done}`);
  if (same > 0 && unchanged !== undefined) {
    parts.push(`${same}${isAllSame ? ` of ${all}` : ""} had ${unchanged}`);
  }
  const isTaken = ({ outcome, error }: Delivery) =>
    outcome === "unconfirmed" && error === undefined;
  const taken = cpython.filter(isTaken).length, unable = cpython.filter((one) => one.unable).length;
  const left = cpython.length - taken - unable;
  if (taken > 0) {
    parts.push(
      `sent to ${count(taken, "CPython listener")}, which confirm${taken === 1 ? "s" : ""} nothing`,
    );
  }
  if (unable > 0) {
    parts.push(`not sent to ${count(unable, "CPython listener")}, which cannot do it`);
  }
  if (left > 0) parts.push(`not taken by ${count(left, "CPython listener")}`);
  return (asked.every(isDone) ? green : yellow)(parts.join(", "));
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}

function outcomeText({ outcome }: Delivery): string {
  switch (outcome) {
    case "applied":
      return green("applied");
    case "unchanged":
      return dim("unchanged");
    case "pending":
      return yellow("pending");
    case "unconfirmed":
      return yellow("sent, not confirmed");
    case "rejected":
      return red("rejected");
    case "skipped":
      return dim("skipped");
  }
}

/**
 * The loggers that a change of the root does not reach, since they have levels of their own; told
 * once for all threads that tell the same.
 */
function unturned(deliveries: readonly Delivery[], turned: readonly string[]): string[] {
  const applied = deliveries.filter(({ outcome }) => outcome === "applied");
  return groupNotes(applied.map(({ port, levels = {} }) => {
    const kept = Object.entries(levels).filter(([name, level]) =>
      !turned.includes(name) && level !== levels.root
    ).map(([name, level]) => `${name}=${level}`);
    const more = kept.length - MAX_NAMED;
    const text = kept.slice(0, MAX_NAMED).join(", ") + (more > 0 ? `, … (${more} more)` : "");
    const line = `not turned, with a level of their own: ${text}`;
    return { port, lines: kept.length === 0 ? [] : [line] };
  }));
}

/** Why the change ends earlier than was asked for, and what to do about that. */
function capNotes(
  { cappedAt, maxLines = Infinity, outcome }: Delivery,
  { texts }: Flags,
): string[] {
  if (outcome === "rejected") return [];
  const lines = texts.get("lines"), asked = texts.get("for");
  const ofLines = maxLines >= Number(lines ?? 0) ? [] : [
    `ends after ${maxLines} lines, not ${lines}: ` +
    "listeners cap what turns levels below INFO (maxLines), --forever goes beyond",
  ];
  // The change ends by time as well, which was not asked for.
  if (cappedAt === undefined || (lines !== undefined && asked === undefined)) return ofLines;
  return [
    ...ofLines,
    `ends after ${formatDuration(cappedAt)}${asked === undefined ? "" : `, not ${asked}`}: ` +
    "listeners cap what turns levels below INFO (maxOverride), --forever goes beyond",
  ];
}

/** What a rollback or reset has taken back; addresses and times may differ from thread to thread. */
function takenBackNotes({ takenBack = [] }: Delivery): Note[] {
  return takenBack.map((change) => ({
    key: change.id ?? changeText(change),
    // Senders without a label of their own, as CPython's, are known by their address.
    text: `took back ${isNamed(change) ? "" : "a change by "}${changeText(change)}`,
    isGood: true,
  }));
}

function isNamed({ by, label, user }: LastChange): boolean {
  return label !== undefined || user !== undefined || by.includes("(");
}

/** Whether threads have taken back different changes. */
function isUneven(asked: readonly Delivery[]): boolean {
  const lists = asked.filter(({ takenBack }) => takenBack !== undefined)
    .map(({ takenBack = [] }) => JSON.stringify(takenBack.map(({ id, by }) => id ?? by)));
  return new Set(lists).size > 1;
}

function detailOf(delivery: Delivery, isOfLevels: boolean): string {
  const { outcome, error, previous, levels, until, maxLines, note, ...notes } = delivery;
  if (note !== undefined) return dim(note);
  if (error !== undefined) return error.message;
  const end = until === undefined
    ? ""
    : dim(`for ${formatDuration(Date.parse(until) - Date.now())}${linesText(maxLines)}`);
  if (outcome === "pending") return `applies at its next log call ${end}`.trimEnd();
  if (previous === undefined || levels === undefined) return end;
  // If only levels were set, what is recorded is as before.
  const changes = describeChanges(previous, levels) || (isOfLevels ? "" : recorderText(notes));
  return [changes, end, openedText(notes)].filter((part) => part !== "").join(", ");
}

/** The loggers whose own level differs, as `root INFO → DEBUG`. */
export function describeChanges(previous: Levels, levels: Levels): string {
  const parts = changedLevels(previous, levels);
  const shown = parts.slice(0, 3).join(", ");
  return parts.length > 3 ? `${shown}, … (${parts.length - 3} more)` : shown;
}
