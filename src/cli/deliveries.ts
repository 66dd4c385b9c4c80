import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import type { Delivery } from "../client/request.ts";
import { formatDuration } from "../config/spec/duration.ts";
import type { PortRange } from "../hub/board/options.ts";
import type { Levels } from "../wire/message.ts";
import type { Flags } from "./flags.ts";
import { formatTable } from "./table.ts";
import { EXIT } from "./usage.ts";

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
  if (flags.json) console.log(JSON.stringify(deliveries, null, 2));
  else printDeliveries(deliveries, flags, what, turned);
  return exitStatus(deliveries);
}

function printDeliveries(
  deliveries: readonly Delivery[],
  { targets }: Flags,
  what: string,
  turned: readonly string[],
): void {
  const asked = deliveries.filter(isMeant);
  const rows = deliveries.map((one) => [
    portText(one),
    one.name ?? dim("?"),
    one.pid === undefined ? "" : `pid ${one.pid}`,
    outcomeText(one),
    detail(one),
  ]);
  for (const line of formatTable(rows)) console.log(line);
  if (turned.includes("root")) {
    for (const line of unturned(deliveries, turned)) {
      console.log(line);
    }
  }
  if (asked.length === 0) {
    const { hostname, ports } = targets;
    console.log(`Unable to connect to any logging servers on ${hostname}, ports ${span(ports)}`);
    return;
  }
  const applied = asked.filter(isDone).length;
  const summary = `${applied} of ${asked.length} threads applied the ${what}`;
  console.log(applied === asked.length ? green(summary) : yellow(summary));
}

/** Where a thread is reached: by its own port, or by that of the thread that it follows. */
function portText({ port, via }: Delivery): string {
  return via === undefined ? bold(String(port)) : dim(`(${via})`);
}

/** Whether a thread is as its sender wants it. */
function isDone({ outcome }: Delivery): boolean {
  return outcome === "applied" || outcome === "unchanged";
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

/** Whether a thread was meant: a service that is something else never is. */
export function isMeant({ outcome, unable }: Delivery): boolean {
  return outcome !== "skipped" || unable === true;
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

function detail({ outcome, error, previous, levels, until, note }: Delivery): string {
  if (note !== undefined) return dim(note);
  if (error !== undefined) return error.message;
  const end = until === undefined
    ? ""
    : dim(`for ${formatDuration(Date.parse(until) - Date.now())}`);
  if (outcome === "pending") return `applies at its next log call ${end}`.trimEnd();
  if (previous === undefined || levels === undefined) return end;
  return [describeChanges(previous, levels), end].filter((part) => part !== "").join(", ");
}

/** The loggers whose own level differs, as `root INFO → DEBUG`. */
export function describeChanges(previous: Levels, levels: Levels): string {
  const names = new Set([...Object.keys(previous), ...Object.keys(levels)]);
  const parts = [...names].filter((name) => previous[name] !== levels[name]).map((name) =>
    `${name} ${previous[name] ?? "NOTSET"} → ${levels[name] ?? "NOTSET"}`
  );
  const shown = parts.slice(0, 3).join(", ");
  return parts.length > 3 ? `${shown}, … (${parts.length - 3} more)` : shown;
}

/** Ranges of ports in words. */
export function span(ranges: readonly PortRange[]): string {
  return ranges.map(([first, last]) => first === last ? `${first}` : `${first} to ${last}`)
    .join(", ");
}

/** The exit status of a command that changes something. */
export function exitStatus(deliveries: readonly Delivery[]): number {
  const asked = deliveries.filter(isMeant);
  if (asked.length === 0) return EXIT.nobody;
  if (asked.some(({ outcome }) => outcome === "rejected")) return EXIT.rejected;
  return asked.every(isDone) ? EXIT.ok : EXIT.unconfirmed;
}
