import { send } from "../client/send.ts";
import { CHANGE_HELP, changeOptions } from "./change_flags.ts";
import { readConfigSource } from "./config_source.ts";
import { reportDeliveries } from "./deliveries.ts";
import { type Flags, TARGET_HELP } from "./flags.ts";
import { showWaiting } from "./progress.ts";
import { oneWord } from "./words.ts";

/** What `send --help` prints. */
export const SEND_HELP = `Sends a configuration to every thread that listens.

Usage: logdial send FILE [options]

  FILE            a .conf or JSON file, - for stdin, else a preset: debug, info, error
${CHANGE_HELP}${TARGET_HELP}

Exit status: 0 all applied; 1 rejected somewhere; 2 wrong usage or a bad file, nothing was
sent; 3 nobody listens; 4 not rejected, but pending or not confirmed somewhere.

Examples:
  logdial send error.conf
  logdial send debug --for 10m --name 'Logging Worker #*'
  logdial send ./my-logging.json --atomic --wait 5s --json`;

/** Runs `send`. */
export async function runSend(flags: Flags): Promise<number> {
  const { label, text } = await readConfigSource(oneWord(flags, "a file or a preset"));
  const options = changeOptions(flags);
  const deliveries = await showWaiting(options.wait, send(text, { label, ...options }));
  return reportDeliveries(deliveries, flags, "configuration");
}
