import { bold, cyan, dim, green, red, yellow } from "@std/fmt/colors";
import { withLabel } from "../config/extensions.ts";
import { type Delivery, send } from "../client/send.ts";
import type { Levels } from "../wire/message.ts";
import { readConfigSource } from "./config_source.ts";
import { COMMON_HELP, type Flags } from "./flags.ts";
import { formatTable } from "./table.ts";
import { EXIT, UsageError } from "./usage.ts";

/** What `send --help` prints. */
export const SEND_HELP = `Sends a configuration to every thread that listens.

Usage: logdial send FILE [options]

  FILE            a .conf or JSON file, else a preset: debug, info, error
${COMMON_HELP}

Exit status: 0 all applied; 1 rejected somewhere; 2 wrong usage or a bad file, nothing was
sent; 3 nobody listens; 4 not rejected, but pending or not confirmed somewhere.

Examples:
  logdial send error.conf
  logdial send ./my-logging.json --ports 9001-9005 --json`;

/** Runs `send`. */
export async function runSend({ words, json, scan }: Flags): Promise<number> {
  const [name, ...more] = words;
  if (name === undefined) throw new UsageError("Cannot send: name a file or a preset");
  if (more.length > 0) throw new UsageError(`Cannot send more than one file: "${more[0]}"`);
  const { label, text } = await readConfigSource(name);
  const deliveries = await send(withLabel(text, label), scan);
  if (json) console.log(JSON.stringify(deliveries, null, 2));
  else printDeliveries(deliveries, scan);
  return exitStatus(deliveries);
}

function printDeliveries(
  deliveries: readonly Delivery[],
  { hostname, ports }: Flags["scan"],
): void {
  const asked = deliveries.filter(({ outcome }) => outcome !== "skipped");
  const rows = deliveries.map((one) => [
    bold(String(one.port)),
    one.name ?? dim("?"),
    one.pid === undefined ? "" : `pid ${one.pid}`,
    outcomeText(one),
    detail(one),
  ]);
  for (const line of formatTable(rows)) console.log(line);
  if (asked.length === 0) {
    console.log(`Unable to connect to any logging servers on ${hostname}, ports ${span(ports)}`);
    return;
  }
  const applied = asked.filter(({ outcome }) => outcome === "applied").length;
  const summary = `${applied} of ${asked.length} threads applied the configuration`;
  console.log(applied === asked.length ? green(summary) : yellow(summary));
}

function outcomeText({ outcome }: Delivery): string {
  switch (outcome) {
    case "applied":
      return green("applied");
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

function detail({ outcome, error, previous, levels }: Delivery): string {
  if (error !== undefined) return error.message;
  if (outcome === "pending") return "applies at its next log call";
  return previous === undefined || levels === undefined ? "" : changes(previous, levels);
}

/** The loggers whose own level has changed. */
function changes(previous: Levels, levels: Levels): string {
  const names = new Set([...Object.keys(previous), ...Object.keys(levels)]);
  const parts = [...names].filter((name) => previous[name] !== levels[name]).map((name) =>
    `${name} ${previous[name] ?? "NOTSET"} → ${cyan(levels[name] ?? "NOTSET")}`
  );
  const shown = parts.slice(0, 3).join(", ");
  return parts.length > 3 ? `${shown}, … (${parts.length - 3} more)` : shown;
}

/** First and last of the ports. */
export function span(ports: readonly number[]): string {
  return ports.length > 1 ? `${ports[0]} to ${ports.at(-1)}` : String(ports[0]);
}

function exitStatus(deliveries: readonly Delivery[]): number {
  const outcomes = deliveries.map(({ outcome }) => outcome).filter((one) => one !== "skipped");
  if (outcomes.length === 0) return EXIT.nobody;
  if (outcomes.includes("rejected")) return EXIT.rejected;
  return outcomes.every((one) => one === "applied") ? EXIT.ok : EXIT.unconfirmed;
}
