import { CHANGE_EXITS } from "../answers/exit_status.ts";
import { reset } from "../../client/commands.ts";
import type { Command } from "../arguments/command.ts";
import { reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { SENDER_HELP, SENDER_NOTE, senderOptions } from "../arguments/sender.ts";

const HELP = `Goes back to what the programs had set up before the first change.

Usage: logdial reset [options]
${SENDER_HELP}${TARGET_HELP}
${SENDER_NOTE}

It tells what it has taken back. CPython's listeners take nothing back.

${CHANGE_EXITS}

Examples:
  logdial reset
  logdial reset --name MainProcess --reason 'outage is over'`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const deliveries = await reset({ ...flags.targets, ...senderOptions(flags) });
  const deed = { done: "went back to the start", unchanged: "nothing to take back" };
  return await reportDeliveries(deliveries, flags, deed);
}

/** `logdial reset`. */
export const COMMAND: Command = { help: HELP, flags: { texts: ["reason"] }, run };
