import type { FleetOperator } from "../../fleet/fleet_operator.ts";
import { EXIT } from "../answers/exit_status.ts";
import { printResult } from "../answers/print_result.ts";
import type { Flags } from "../arguments/flags.ts";
import { clock } from "../printing/clock.ts";
import { formatTable } from "../printing/format_table.ts";
import { dim, print, red } from "../printing/print.ts";
import { targetText } from "../../fleet/fleet_target.ts";
import { isoOf } from "./change_answer.ts";

/** `logdial fleet history`: what was done, by whom and why. */
export async function showHistory(operator: FleetOperator, flags: Flags): Promise<number> {
  const actions = await operator.history();
  if (flags.json) {
    const all = actions.map(({ at, ...action }) => ({ at: isoOf(at), ...action }));
    printResult({ command: flags.command, exit: EXIT.ok, actions: all });
    return EXIT.ok;
  }
  const rows = actions.map(({ at, label, by = "", reason, ids, key, to }) => [
    clock(isoOf(at)),
    key.startsWith("halt.") ? red(label) : label,
    ids.join(" "),
    to.length === 0 ? key : [...new Set(to.map(targetText))].join("; "),
    dim(`${by}${reason === undefined ? "" : `, because "${reason}"`}`),
  ]);
  for (const line of await formatTable(rows)) print(line);
  if (rows.length === 0) print(dim("no changes"));
  return EXIT.ok;
}
