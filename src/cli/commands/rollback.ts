import { CHANGE_EXITS } from "../answers/exit_status.ts";
import { rollback } from "../../client/rollback.ts";
import type { Command } from "../arguments/command.ts";
import { reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, TARGET_HELP, wholeNumber } from "../arguments/flags.ts";
import { SENDER_HELP, SENDER_NOTE, senderOptions } from "../arguments/sender.ts";
import { UsageError } from "../arguments/usage_error.ts";

const HELP = `Takes back the last changes.

Usage: logdial rollback [N] [options]

  N               how many, 1 by default
${SENDER_HELP}${TARGET_HELP}
${SENDER_NOTE}

It tells what it has taken back, the same changes on all threads; those that had
none of them say so. CPython's listeners take nothing back.

${CHANGE_EXITS}

Examples:
  logdial rollback
  logdial rollback 2 --pid 4711`;

async function run(flags: Flags): Promise<number> {
  const [steps = "1", ...more] = flags.words;
  if (more.length > 0) throw new UsageError(`Cannot use "${more[0]}": rollback takes one number`);
  const options = { ...flags.targets, ...senderOptions(flags) };
  const deliveries = await rollback(wholeNumber("N", steps), options);
  const deed = { done: "went back", unchanged: "nothing to take back" };
  return await reportDeliveries(deliveries, flags, deed);
}

/** `logdial rollback`. */
export const COMMAND: Command = { help: HELP, flags: { texts: ["reason"] }, run };
