import { exitStatus, isDone, isMeant } from "./exit_status.ts";
import type { Delivery } from "../../client/request.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import { changedLevels, type Levels } from "../../wire/message.ts";
import type { Flags } from "../arguments/flags.ts";
import { groupEqual, nobodyText } from "./groups.ts";
import { describeNotes, groupNotes, openedText, recorderText } from "../printing/notes.ts";
import { bold, dim, green, print, printJson, red, yellow } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

/** Length from which a reason is not repeated. */
const LONG = 100;
/** Threads from which they are not told one by one. */
const MANY = 3;
/** Most loggers that are named. */
const MAX_NAMED = 10;

/** Prints what became of a change, a line per thread and a summary; returns the exit status. */
export function reportDeliveries(
  deliveries: readonly Delivery[],
  flags: Flags,
  what = "change",
  /** The loggers whose levels it sets; none for a whole configuration. */
  turned: readonly string[] = [],
): number {
  if (flags.json) printJson(deliveries);
  else printDeliveries(deliveries, flags, what, turned);
  return exitStatus(deliveries);
}

function printDeliveries(
  deliveries: readonly Delivery[],
  flags: Flags,
  what: string,
  turned: readonly string[],
): void {
  const asked = deliveries.filter(isMeant);
  // Where a long reason was given first.
  const told = new Map<string, number>();
  const detail = (one: Delivery): string => {
    const text = detailOf(one), at = told.get(text);
    if (at !== undefined) return `as ${at}`;
    const isReason = one.error !== undefined && text.length > LONG;
    if (isReason) told.set(text, one.via ?? one.port);
    return text;
  };
  const rows = sameRejection(deliveries) ?? deliveries.map((one) => [
    portText(one),
    one.name ?? dim("?"),
    one.pid === undefined ? "" : `pid ${one.pid}`,
    outcomeText(one),
    detail(one),
  ]);
  for (const line of formatTable(rows)) print(line);
  if (turned.includes("root")) {
    for (const line of unturned(deliveries, turned)) print(line);
  }
  if (asked.length === 0) {
    print(nobodyText(deliveries, flags));
    return;
  }
  const notes = asked.map((one) => ({ port: one.via ?? one.port, lines: describeNotes(one) }));
  for (const line of groupNotes(notes)) print(line);
  const applied = asked.filter(isDone).length;
  // CPython's listeners take what they are sent, and never say so.
  const taken =
    asked.filter(({ outcome, error }) => outcome === "unconfirmed" && error === undefined).length;
  const answering = asked.length - taken;
  const parts = answering > 0 ? [`${applied} of ${answering} threads applied the ${what}`] : [];
  if (taken > 0) parts.push(`${taken} took it without a word, as CPython's listeners do`);
  const summary = parts.join(", ");
  print(applied === asked.length ? green(summary) : yellow(summary));
}

/** One row for many threads that have all rejected a change for the same reason. */
function sameRejection(deliveries: readonly Delivery[]): string[][] | undefined {
  const isRejected = ({ outcome, error }: Delivery) =>
    outcome === "rejected" && error !== undefined;
  if (deliveries.length < MANY || !deliveries.every(isRejected)) return undefined;
  const [first, ...others] = groupEqual(deliveries, detailOf);
  if (others.length > 0) return undefined;
  const { label: [ports, who = ""], deliveries: [one] } = first!;
  return [[bold(ports), who, "", outcomeText(one!), detailOf(one!)]];
}

/** Where a thread is reached: by its own port, or by that of the thread that it follows. */
export function portText({ port, via }: Delivery): string {
  return via === undefined ? bold(String(port)) : dim(`(${via})`);
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
 * The loggers that a change of the root does not reach, since they have a level of their own;
 * what is the same on several threads is told once.
 */
function unturned(deliveries: readonly Delivery[], turned: readonly string[]): string[] {
  const threads = new Map<string, string[]>();
  const applied = deliveries.filter(({ outcome }) => outcome === "applied");
  for (const { port, levels = {} } of applied) {
    const kept = Object.entries(levels).filter(([name, level]) =>
      !turned.includes(name) && level !== levels.root
    ).map(([name, level]) => `${name}=${level}`);
    if (kept.length === 0) continue;
    const more = kept.length - MAX_NAMED;
    const text = kept.slice(0, MAX_NAMED).join(", ") + (more > 0 ? `, … (${more} more)` : "");
    threads.set(text, [...threads.get(text) ?? [], String(port)]);
  }
  return [...threads].map(([text, ports]) => {
    const where = ports.length === applied.length ? "" : ` (${ports.join(", ")})`;
    return yellow(`not turned, with a level of their own: ${text}${where}`);
  });
}

function detailOf({ outcome, error, previous, levels, until, note, ...notes }: Delivery): string {
  if (note !== undefined) return dim(note);
  if (error !== undefined) return error.message;
  const end = until === undefined
    ? ""
    : dim(`for ${formatDuration(Date.parse(until) - Date.now())}`);
  if (outcome === "pending") return `applies at its next log call ${end}`.trimEnd();
  if (previous === undefined || levels === undefined) return end;
  const changes = describeChanges(previous, levels) || recorderText(notes);
  return [changes, end, openedText(notes)].filter((part) => part !== "")
    .join(", ");
}

/** The loggers whose own level differs, as `root INFO → DEBUG`. */
export function describeChanges(previous: Levels, levels: Levels): string {
  const parts = changedLevels(previous, levels);
  const shown = parts.slice(0, 3).join(", ");
  return parts.length > 3 ? `${shown}, … (${parts.length - 3} more)` : shown;
}
