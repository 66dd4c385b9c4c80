import type { SendOptions } from "../../client/send_options.ts";
import { duration, type Flags, type FlagSpec } from "./flags.ts";

/** Options of commands that change something. */
export const CHANGE_FLAGS: FlagSpec = {
  texts: ["for", "wait"],
  switches: ["forever", "atomic"],
};

/** Their part of the help. */
export const CHANGE_HELP = `
  --for TIME      take it back after that time, such as 90s, 10m or 1h30m
  --forever       go beyond what the listeners' policy would cap
  --atomic        all threads or none
  --wait TIME     wait so long for threads that compute`;

/** Reads the options of a command that changes something. */
export function changeOptions({ texts, switches, targets }: Flags): SendOptions {
  const time = texts.get("for"), wait = texts.get("wait");
  if (time !== undefined) duration("for", time);
  return {
    ...targets,
    for: time,
    ...switches.has("forever") ? { forever: true } : {},
    atomic: switches.has("atomic"),
    wait: wait === undefined ? 0 : duration("wait", wait),
  };
}
