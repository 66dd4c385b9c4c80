import { isMeant } from "../answers/exit_status.ts";
import { set } from "../../client/commands.ts";
import { send } from "../../client/send.ts";
import { CHANGE_HELP, changeOptions } from "../arguments/change_flags.ts";
import { announcePreset, DEFAULT_HELP, readConfigSource } from "../arguments/config_source.ts";
import { reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, oneWord, TARGET_HELP } from "../arguments/flags.ts";
import { showWaiting } from "../printing/show_waiting.ts";

/** What `send --help` prints. */
export const SEND_HELP: string = `Sends a configuration to every thread that listens.

Usage: logdial send FILE [options]

  FILE            a .conf, JSON or YAML file, - for stdin, or a preset: debug, info, error
                  (a preset changes the root's level only, as set root=DEBUG --forever;
                  of an OpenTelemetry configuration, the logger_configurator is taken)
${DEFAULT_HELP}${CHANGE_HELP}${TARGET_HELP}

Exit status: 0 all applied; 1 rejected somewhere; 2 wrong usage or a bad file, nothing was
sent; 3 nobody listens; 4 not rejected, but pending or not confirmed somewhere.

Examples:
  logdial send error.conf
  logdial send debug --for 10m --name 'Logging Worker #*'
  logdial send ./my-logging.json --atomic --wait 5s --json`;

/** Runs `send`. */
export async function runSend(flags: Flags): Promise<number> {
  const source = await readConfigSource(oneWord(flags, "a file or a preset"), flags);
  const options = changeOptions(flags);
  if (source.level === undefined) {
    const { label, text } = source;
    const deliveries = await showWaiting(options.wait, send(text, { label, ...options }));
    return reportDeliveries(deliveries, flags, "configuration");
  }
  // It stays like a file does, unless it is said how long.
  const { forever = options.for === undefined } = options;
  const levels = { root: source.level };
  const deliveries = await showWaiting(options.wait, set(levels, { ...options, forever }));
  if (deliveries.some(isMeant)) {
    announcePreset(source, flags, forever ? "--forever" : `--for ${options.for}`);
  }
  return reportDeliveries(deliveries, flags, "configuration", ["root"]);
}
