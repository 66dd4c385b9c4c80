import { EXIT, exitStatus } from "../answers/exit_status.ts";
import { check } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import type { Preview } from "../../wire/message.ts";
import { announcePreset, DEFAULT_HELP, readConfigSource } from "../arguments/config_source.ts";
import { describeChanges } from "../answers/deliveries.ts";
import { type Flags, oneWord, TARGET_HELP } from "../arguments/flags.ts";
import { type Group, groupEqual, nobodyText } from "../answers/groups.ts";
import { list } from "../printing/notes.ts";
import { bold, dim, print, printJson, red } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

/** What `diff --help` prints. */
export const DIFF_HELP: string =
  `Shows what a configuration would change in each thread, and changes nothing;
what is the same on several threads is shown once.

Usage: logdial diff FILE [options]

  FILE            a .conf, JSON or YAML file, - for stdin, or a preset: debug, info, error
                  (which changes the root's level only)
${DEFAULT_HELP}${TARGET_HELP}

Exit status: as of send, 0 when all threads would take it.

Examples:
  logdial diff debug.conf
  logdial diff ./my-logging.json --name MainProcess`;

/** So many threads have a line each, even if it is the same. */
const FEW = 2;

/** Runs `diff`. */
export async function runDiff(flags: Flags): Promise<number> {
  const source = await readConfigSource(oneWord(flags, "a file or a preset"), flags);
  const deliveries = await check(source.text, flags.targets);
  if (deliveries.length > 0) announcePreset(source, flags);
  const status = exitStatus(deliveries);
  if (flags.json) printJson(deliveries);
  else {
    for (const line of formatTable(groupEqual(deliveries, describe, FEW + 1).map(row))) print(line);
    if (status === EXIT.nobody) print(nobodyText(deliveries, flags));
  }
  return status;
}

function row({ label: [ports, who], deliveries: [first] }: Group): string[] {
  return [bold(ports), who ?? dim("?"), describe(first!)];
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
