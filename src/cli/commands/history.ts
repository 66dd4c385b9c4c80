import { QUESTION_EXITS } from "../answers/exit_status.ts";
import { history } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import type { PastChange } from "../../client/read_results.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { type Group, groupEqual } from "../answers/groups.ts";
import { reportAnswers } from "../answers/report_answers.ts";
import { senderText } from "../answers/sender_text.ts";
import { clock } from "../printing/clock.ts";
import { columns, dim, green, print, red } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

const HELP = `Shows the changes of the past, refused ones included: when, what became of
them, who sent them and why. What is the same on several threads is shown once.

Usage: logdial history [options]
${TARGET_HELP}

${QUESTION_EXITS}

Examples:
  logdial history --port 9001
  logdial history --json`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  return await reportAnswers(await history(flags.targets), flags, { group: groupHistory, show });
}

/** Groups threads with the same history; times may differ by milliseconds, and senders by their port. */
export function groupHistory(deliveries: readonly Delivery[]): Group[] {
  return groupEqual(deliveries, ({ kind, outcome, error, result }) => {
    const entries = (result as readonly PastChange[] | undefined)?.map((entry) => {
      const { at, what, outcome, detail, reason, until } = entry;
      // Changes without an id are the same if they look the same.
      const { id = `${clock(at)} ${senderText(entry)}` } = entry;
      return [id, what, outcome, detail, reason, until === undefined];
    });
    return JSON.stringify([kind, outcome, error, entries]);
  }, () => 2);
}

async function show({ result }: Delivery): Promise<void> {
  const entries = result as readonly PastChange[];
  if (entries.length === 0) return print(`  ${dim("no changes")}`);
  const lines = await formatTable(entries.map(row), columns() - 2);
  for (const line of lines) print(`  ${line}`);
}

function row(entry: PastChange): string[] {
  const { at, what, outcome, detail, until, takenBack = [] } = entry;
  const taken = takenBack.map((one) => senderText(one)).join("; ");
  const text = [detail];
  if (taken !== "") text.push(`takes back ${taken}`);
  if (until !== undefined) text.push(`until ${clock(until)}`);
  const color = outcome === "rejected" ? red : green;
  return [clock(at), what, color(outcome), text.join(", "), dim(senderText(entry))];
}

/** `logdial history`. */
export const COMMAND: Command = { help: HELP, flags: {}, run };
