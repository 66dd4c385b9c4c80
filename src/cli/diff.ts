import { bold, dim, red } from "@std/fmt/colors";
import { check } from "../client/commands.ts";
import type { Delivery } from "../client/request.ts";
import type { Preview } from "../wire/message.ts";
import { readConfigSource } from "./config_source.ts";
import { describeChanges, exitStatus } from "./deliveries.ts";
import { type Flags, TARGET_HELP } from "./flags.ts";
import { list } from "./notes.ts";
import { formatTable } from "./table.ts";
import { oneWord } from "./words.ts";

/** What `diff --help` prints. */
export const DIFF_HELP =
  `Shows what a configuration would change in each thread, and changes nothing.

Usage: logdial diff FILE [options]

  FILE            a .conf or JSON file, else a preset: debug, info, error
${TARGET_HELP}

Exit status: as of send, 0 when all threads would take it.

Examples:
  logdial diff debug.conf
  logdial diff ./my-logging.json --name MainProcess`;

/** Runs `diff`. */
export async function runDiff(flags: Flags): Promise<number> {
  const { text } = await readConfigSource(oneWord(flags, "a file or a preset"));
  const deliveries = await check(text, flags.targets);
  if (flags.json) console.log(JSON.stringify(deliveries, null, 2));
  else for (const line of formatTable(deliveries.map(row))) console.log(line);
  return exitStatus(deliveries);
}

function row(delivery: Delivery): string[] {
  const { port, name } = delivery;
  return [bold(String(port)), name ?? dim("?"), describe(delivery)];
}

function describe({ outcome, error, previous = {}, result }: Delivery): string {
  if (error !== undefined) return red(error.message);
  if (outcome !== "applied") return dim(`no answer: ${outcome}`);
  const { levels, disabled, handlers = [], dropped = [] } = result as Preview;
  const changed = handlers.map(({ name, previous, level }) =>
    previous === undefined
      ? `adds handler ${name} at ${level}`
      : `handler ${name} ${previous} → ${level}`
  );
  const parts = [describeChanges(previous, levels), ...changed];
  if (disabled.length > 0) parts.push(`disables ${list(disabled, "logger")}`);
  if (dropped.length > 0) parts.push(`drops ${list(dropped, "part")}`);
  return parts.filter((part) => part !== "").join("; ") || dim("no level changes");
}
