import { bold, dim } from "@std/fmt/colors";
import { get } from "../client/commands.ts";
import { exitStatus } from "./deliveries.ts";
import { type Flags, TARGET_HELP } from "./flags.ts";
import { noWords } from "./words.ts";

/** What `get --help` prints. */
export const GET_HELP = `Shows the running configuration of threads, as a .conf or as JSON.

Usage: logdial get [options]
${TARGET_HELP}

Exit status: as of send.

Examples:
  logdial get --port 9001 > running.conf
  logdial get --json`;

/** What the listeners answer. */
interface Running {
  /** The configuration as a dict. */
  readonly dict: unknown;
  /** As a `.conf`, or why there is none. */
  readonly conf?: string;
  readonly noConf?: string;
}

/** Runs `get`. */
export async function runGet(flags: Flags): Promise<number> {
  noWords(flags);
  const deliveries = await get(flags.targets);
  if (flags.json) {
    console.log(JSON.stringify(deliveries, null, 2));
    return exitStatus(deliveries);
  }
  for (const { port, name, result, error, outcome } of deliveries) {
    if (deliveries.length > 1) console.log(`# ${bold(String(port))} ${name ?? dim("?")}`);
    const running = result as Running | undefined;
    if (running?.conf !== undefined) console.log(running.conf);
    else if (running !== undefined) console.log(`# ${running.noConf}\n${pretty(running.dict)}`);
    else console.log(`# ${error?.message ?? outcome}`);
  }
  return exitStatus(deliveries);
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
