import type { SendOptions } from "../../client/send_options.ts";
import { duration, type Flags, type FlagSpec } from "./flags.ts";
import { SENDER_HELP, senderOptions } from "./sender.ts";

/** Options of commands that send a change. */
export const CHANGE_FLAGS: FlagSpec = {
  texts: ["for", "wait", "reason"],
  switches: ["forever", "atomic"],
};

/** Their part of the help. */
export const CHANGE_HELP: string = `
  --for TIME      take it back after that time, such as 90s, 10m or 1h30m
  --forever       go beyond what the listeners' policy would cap
  --atomic        all threads or none
  --wait TIME     wait so long for threads that compute${SENDER_HELP}`;

/** Reads the options of a command that sends a change. */
export function changeOptions(flags: Flags): SendOptions {
  const { texts, switches, targets } = flags;
  const time = texts.get("for"), wait = texts.get("wait");
  if (time !== undefined) duration("for", time);
  return {
    ...targets,
    ...senderOptions(flags),
    for: time,
    ...switches.has("forever") ? { forever: true } : {},
    atomic: switches.has("atomic"),
    wait: wait === undefined ? 0 : duration("wait", wait),
  };
}
