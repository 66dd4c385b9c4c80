import { EXIT, exitStatus, QUESTION_EXITS } from "../answers/exit_status.ts";
import { check } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import type { Preview } from "../../wire/message.ts";
import type { Command } from "../arguments/command.ts";
import {
  announcePreset,
  DEFAULT_HELP,
  DEFAULT_OPTION,
  readConfigSource,
} from "../arguments/config_source.ts";
import { describeChanges } from "../answers/deliveries.ts";
import { type Flags, oneWord, TARGET_HELP } from "../arguments/flags.ts";
import { type Group, groupEqual, noAnswer, nobodyText } from "../answers/groups.ts";
import { list } from "../printing/notes.ts";
import { printWrapped } from "../printing/wrap.ts";
import { printThreads } from "../answers/print_result.ts";
import { bold, dim, print, red } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

const HELP = `Shows what a configuration would change in each thread, and changes nothing;
what is the same on several threads is shown once.

Usage: logdial diff FILE [options]

  FILE            a .conf, JSON or YAML file, - for stdin, or one of the presets
                  debug, info and error
                  (which change the root's level only)
${DEFAULT_HELP}${TARGET_HELP}

${QUESTION_EXITS}

Examples:
  logdial diff debug.conf
  logdial diff ./my-logging.json --name MainProcess`;

async function run(flags: Flags): Promise<number> {
  const source = await readConfigSource(oneWord(flags, "a file or a preset"), flags);
  const deliveries = await check(source.text, flags.targets);
  if (deliveries.length > 0) announcePreset(source, flags);
  const exit = exitStatus(deliveries);
  if (flags.json) printThreads({ command: flags.command, exit }, deliveries);
  else {
    for (const line of await formatTable(groupEqual(deliveries, describe).map(row))) print(line);
    if (exit === EXIT.nobody) await printWrapped(nobodyText(deliveries, flags));
  }
  return exit;
}

function row({ label: [ports, who], members: [first] }: Group): string[] {
  return [bold(ports), who, describe(first!)];
}

function describe(delivery: Delivery): string {
  const { outcome, previous = {}, result } = delivery;
  if (outcome === "rejected") return red(noAnswer(delivery));
  if (result === undefined) return dim(noAnswer(delivery));
  const { levels, scopes = [], disabled, handlers = [], dropped = [] } = result as Preview;
  const changed = handlers.map(({ name, previous, level }) =>
    previous === undefined
      ? `adds handler ${name} at ${level}`
      : `handler ${name} ${previous} → ${level}`
  );
  const parts = [describeChanges(previous, levels), ...scopes, ...changed];
  if (disabled.length > 0) parts.push(`disables ${list(disabled, "logger")}`);
  if (dropped.length > 0) parts.push(`drops ${list(dropped, "part")}`);
  return parts.filter((part) => part !== "").join("; ") || dim("no level changes");
}

/** `logdial diff`. */
export const COMMAND: Command = { help: HELP, flags: { pairs: [DEFAULT_OPTION] }, run };
