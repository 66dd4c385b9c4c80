import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import type { Delivery } from "../client/request.ts";
import { formatDuration } from "../config/spec/duration.ts";
import type { Levels } from "../wire/message.ts";
import type { Flags } from "./flags.ts";
import { describeNotes, groupNotes, openedText } from "./notes.ts";
import { formatTable } from "./table.ts";
import { EXIT } from "./usage.ts";

/** Prints what became of a change, a line per thread and a summary; returns the exit status. */
export function reportDeliveries(
  deliveries: readonly Delivery[],
  flags: Flags,
  what = "change",
): number {
  if (flags.json) console.log(JSON.stringify(deliveries, null, 2));
  else printDeliveries(deliveries, flags, what);
  return exitStatus(deliveries);
}

function printDeliveries(
  deliveries: readonly Delivery[],
  { targets }: Flags,
  what: string,
): void {
  const asked = deliveries.filter(({ outcome }) => outcome !== "skipped");
  const rows = deliveries.map((one) => [
    portText(one),
    one.name ?? dim("?"),
    one.pid === undefined ? "" : `pid ${one.pid}`,
    outcomeText(one),
    detail(one),
  ]);
  for (const line of formatTable(rows)) console.log(line);
  if (asked.length === 0) return reportNobody({ targets });
  const notes = asked.map((one) => ({ port: one.via ?? one.port, lines: describeNotes(one) }));
  for (const line of groupNotes(notes)) console.log(line);
  const applied = asked.filter(isDone).length;
  const summary = `${applied} of ${asked.length} threads applied the ${what}`;
  console.log(applied === asked.length ? green(summary) : yellow(summary));
}

/** Where a thread is reached: by its own port, or by that of the thread that it follows. */
export function portText({ port, via }: Delivery): string {
  return via === undefined ? bold(String(port)) : dim(`(${via})`);
}

/** Whether a thread is as its sender wants it. */
function isDone({ outcome }: Delivery): boolean {
  return outcome === "applied" || outcome === "unchanged";
}

/** Says that nobody was there to be asked. */
export function reportNobody({ targets: { hostname, ports } }: Pick<Flags, "targets">): void {
  console.log(`Unable to connect to any logging servers on ${hostname}, ports ${span(ports)}`);
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

function detail({ outcome, error, previous, levels, until, ...notes }: Delivery): string {
  if (error !== undefined) return error.message;
  const end = until === undefined
    ? ""
    : dim(`for ${formatDuration(Date.parse(until) - Date.now())}`);
  if (outcome === "pending") return `applies at its next log call ${end}`.trimEnd();
  if (previous === undefined || levels === undefined) return end;
  return [describeChanges(previous, levels), end, openedText(notes)].filter((part) => part !== "")
    .join(", ");
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

/** First and last of the ports. */
export function span(ports: readonly number[]): string {
  return ports.length > 1 ? `${ports[0]} to ${ports.at(-1)}` : String(ports[0]);
}

/** The exit status of a command that changes something. */
export function exitStatus(deliveries: readonly Delivery[]): number {
  const asked = deliveries.filter(({ outcome }) => outcome !== "skipped");
  if (asked.length === 0) return EXIT.nobody;
  if (asked.some(({ outcome }) => outcome === "rejected")) return EXIT.rejected;
  return asked.every(isDone) ? EXIT.ok : EXIT.unconfirmed;
}
