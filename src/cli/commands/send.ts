import { CHANGE_EXITS, isMeant } from "../answers/exit_status.ts";
import { set } from "../../client/commands.ts";
import { send } from "../../client/send.ts";
import { CHANGE_FLAGS, CHANGE_HELP, changeOptions } from "../arguments/change_flags.ts";
import type { Command } from "../arguments/command.ts";
import {
  announcePreset,
  DEFAULT_HELP,
  DEFAULT_OPTION,
  readConfigSource,
} from "../arguments/config_source.ts";
import { type Deed, reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, oneWord, TARGET_HELP } from "../arguments/flags.ts";
import { SENDER_NOTE } from "../arguments/sender.ts";
import { showWaiting } from "../printing/show_waiting.ts";

const HELP = `Sends a configuration to every thread that listens.

Usage: logdial send FILE [options]

  FILE            a .conf, JSON or YAML file, - for stdin, or one of the presets
                  debug, info and error
                  (which change the root's level only: set root=DEBUG
                  --forever); of an OpenTelemetry configuration, the
                  logger_configurator is taken
${DEFAULT_HELP}${CHANGE_HELP}${TARGET_HELP}
${SENDER_NOTE}

${CHANGE_EXITS}

Examples:
  logdial send error.conf
  logdial send debug --for 10m --name 'Logging Worker #*'
  logdial send ./my-logging.json --atomic --wait 5s --json`;

const DEED: Deed = { done: "applied the configuration" };

async function run(flags: Flags): Promise<number> {
  const source = await readConfigSource(oneWord(flags, "a file or a preset"), flags);
  const options = changeOptions(flags);
  if (source.level === undefined) {
    const { label, text } = source;
    const deliveries = await showWaiting(options.wait, send(text, { label, ...options }));
    return await reportDeliveries(deliveries, flags, DEED);
  }
  // It stays like a file does, unless it is said how long.
  const { for: time, lines } = options;
  const { forever = time === undefined && lines === undefined } = options;
  const levels = { root: source.level };
  const deliveries = await showWaiting(options.wait, set(levels, { ...options, forever }));
  if (deliveries.some(isMeant)) {
    const ends = [
      ...time === undefined ? [] : [`--for ${time}`],
      ...lines === undefined ? [] : [`--lines ${lines}`],
      ...forever ? ["--forever"] : [],
    ];
    announcePreset(source, flags, ends.join(" "));
  }
  return await reportDeliveries(deliveries, flags, { ...DEED, turned: ["root"] });
}

/** `logdial send`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { ...CHANGE_FLAGS, pairs: [DEFAULT_OPTION] },
  run,
};
