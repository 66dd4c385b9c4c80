import { EXIT, exitStatus } from "../answers/exit_status.ts";
import { history } from "../../client/commands.ts";
import type { PastChange } from "../../client/read_results.ts";
import { portText } from "../answers/deliveries.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { nobodyText } from "../answers/groups.ts";
import { dim, green, print, printJson, red } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

/** What `history --help` prints. */
export const HISTORY_HELP: string = `Shows the changes of the past, refused ones included.

Usage: logdial history [options]
${TARGET_HELP}

Exit status: as of send.

Examples:
  logdial history --port 9001
  logdial history --json`;

/** Runs `history`. */
export async function runHistory(flags: Flags): Promise<number> {
  noWords(flags);
  const deliveries = await history(flags.targets);
  if (flags.json) printJson(deliveries);
  for (const delivery of flags.json ? [] : deliveries) {
    const { name, result, error, outcome } = delivery;
    print(`${portText(delivery)} ${name ?? dim("?")}`);
    const entries = (result ?? []) as readonly PastChange[];
    for (const line of formatTable(entries.map(row))) print(`  ${line}`);
    if (entries.length === 0) print(`  ${dim(error?.message ?? emptyText(outcome))}`);
  }
  const status = exitStatus(deliveries);
  if (status === EXIT.nobody && !flags.json) print(nobodyText(deliveries, flags));
  return status;
}

function emptyText(outcome: string): string {
  return outcome === "applied" ? "no changes" : `no answer: ${outcome}`;
}

function row({ at, by, what, outcome, detail, until }: PastChange): string[] {
  const end = until === undefined ? "" : ` until ${clock(until)}`;
  const color = outcome === "rejected" ? red : green;
  return [clock(at), what, color(outcome), `${detail}${end}`, dim(by)];
}

function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString("sv");
}
