import { reset } from "../../client/commands.ts";
import { rollback } from "../../client/rollback.ts";
import { reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, noWords, TARGET_HELP, wholeNumber } from "../arguments/flags.ts";
import { UsageError } from "../arguments/usage_error.ts";

/** What `reset --help` prints. */
export const RESET_HELP: string =
  `Goes back to what the programs had set up before the first change.

Usage: logdial reset [options]
${TARGET_HELP}

Exit status: as of send.

Examples:
  logdial reset
  logdial reset --name MainProcess`;

/** What `rollback --help` prints. */
export const ROLLBACK_HELP: string = `Takes back the last changes.

Usage: logdial rollback [N] [options]

  N               how many, 1 by default
${TARGET_HELP}

Exit status: as of send.

Examples:
  logdial rollback
  logdial rollback 2 --pid 4711`;

/** Runs `reset`. */
export async function runReset(flags: Flags): Promise<number> {
  noWords(flags);
  return reportDeliveries(await reset(flags.targets), flags);
}

/** Runs `rollback`. */
export async function runRollback(flags: Flags): Promise<number> {
  const [steps = "1", ...more] = flags.words;
  if (more.length > 0) throw new UsageError(`Cannot use "${more[0]}": rollback takes one number`);
  return reportDeliveries(await rollback(wholeNumber("N", steps), flags.targets), flags);
}
