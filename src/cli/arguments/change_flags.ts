import type { SendOptions } from "../../client/send_options.ts";
import { MOST_LINES } from "../../config/text/extension_words.ts";
import { duration, type Flags, type FlagSpec, wholeNumber } from "./flags.ts";
import { SENDER_HELP, senderOptions } from "./sender.ts";

/** Options of commands that send a change. */
export const CHANGE_FLAGS: FlagSpec = {
  texts: ["for", "lines", "wait", "reason"],
  switches: ["forever", "atomic"],
};

const FOR_HELP = `
  --for TIME      take it back after that time, such as 90s, 10m or 1h30m`;

const LINES_HELP = `
  --lines N       take it back after so many lines that a process logs only
                  thanks to it, if that is earlier`;

const OTHERS_HELP = `
  --forever       go beyond what the listeners' policy would cap
  --atomic        all threads or none
  --wait TIME     wait so long for threads that compute${SENDER_HELP}`;

/** The part of the help on these options. */
export const CHANGE_HELP: string = FOR_HELP + LINES_HELP + OTHERS_HELP;

/** The part of the help on these options for a command that takes no `--lines`. */
export const NO_LINES_HELP: string = FOR_HELP + OTHERS_HELP;

/** Reads the options of a command that sends a change. */
export function changeOptions(flags: Flags): SendOptions {
  const { texts, switches, targets } = flags;
  const time = texts.get("for"), wait = texts.get("wait"), lines = texts.get("lines");
  if (time !== undefined) duration("for", time);
  return {
    ...targets,
    ...senderOptions(flags),
    for: time,
    ...lines === undefined ? {} : { lines: wholeNumber("--lines", lines, MOST_LINES) },
    ...switches.has("forever") ? { forever: true } : {},
    atomic: switches.has("atomic"),
    wait: wait === undefined ? 0 : duration("wait", wait),
  };
}
