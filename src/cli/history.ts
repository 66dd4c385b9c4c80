import { bold, dim, green, red } from "@std/fmt/colors";
import { history } from "../client/commands.ts";
import { exitStatus } from "./deliveries.ts";
import { type Flags, TARGET_HELP } from "./flags.ts";
import { formatTable } from "./table.ts";
import { noWords } from "./words.ts";

/** What `history --help` prints. */
export const HISTORY_HELP = `Shows the changes of the past, refused ones included.

Usage: logdial history [options]
${TARGET_HELP}

Exit status: as of send.

Examples:
  logdial history --port 9001
  logdial history --json`;

/** An entry as the listeners tell it. */
interface Entry {
  readonly at: string;
  readonly by: string;
  readonly what: string;
  readonly outcome: string;
  readonly detail: string;
  readonly until?: string;
}

/** Runs `history`. */
export async function runHistory(flags: Flags): Promise<number> {
  noWords(flags);
  const deliveries = await history(flags.targets);
  if (flags.json) console.log(JSON.stringify(deliveries, null, 2));
  for (const { port, name, result, error, outcome } of flags.json ? [] : deliveries) {
    console.log(`${bold(String(port))} ${name ?? dim("?")}`);
    const entries = Array.isArray(result) ? result as Entry[] : [];
    for (const line of formatTable(entries.map(row))) console.log(`  ${line}`);
    if (entries.length === 0) console.log(`  ${dim(error?.message ?? emptyText(outcome))}`);
  }
  return exitStatus(deliveries);
}

function emptyText(outcome: string): string {
  return outcome === "applied" ? "no changes" : `no answer: ${outcome}`;
}

function row({ at, by, what, outcome, detail, until }: Entry): string[] {
  const end = until === undefined ? "" : ` until ${clock(until)}`;
  const color = outcome === "rejected" ? red : green;
  return [clock(at), what, color(outcome), `${detail}${end}`, dim(by)];
}

function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString("sv");
}
