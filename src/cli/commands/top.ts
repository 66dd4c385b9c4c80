import { EXIT } from "../answers/exit_status.ts";
import { readEnv } from "../../core/runtime/read_env.ts";
import { DEFAULT_PORTS } from "../../hub/board/attach_options.ts";
import { MOST_LINES } from "../../config/text/extension_words.ts";
import { requireConnecting, scanDefaults } from "../../client/ports/scan.ts";
import { describePlace } from "../../client/targets.ts";
import type { Command } from "../arguments/command.ts";
import {
  duration,
  type Flags,
  KEY_HELP,
  noWords,
  PLACE_HELP,
  wholeNumber,
} from "../arguments/flags.ts";
import { SENDER_HELP, SENDER_NOTE, senderOptions } from "../arguments/sender.ts";
import { isTerminal, printError } from "../printing/print.ts";
import type { TopSetup } from "../top/model.ts";
import { COMMAND as STATUS } from "./status.ts";

const HELP = `Shows threads and loggers as they are, and turns them by keys.

Usage: logdial top [options]

  --for TIME      take levels back after that time, such as 90s (default 10m)
  --lines N       take them back after so many lines that a process logs only
                  thanks to them, if that is earlier${SENDER_HELP}${PLACE_HELP}
  --help          this text

Keys:
  arrows          choose a thread or, below it, a logger; right shows loggers
  d i w e c n     turn it to DEBUG, INFO, WARNING, ERROR, CRITICAL, NOTSET
  !               the next key is for all threads that are shown
  r R             roll back the last change; reset
  space           follow its records below; again to end it
  /               show only threads and loggers with a text
  ? q             help, quit

Below is what became of the last change, and the same as a command to copy.
${KEY_HELP}
${SENDER_NOTE}
Without a terminal, or with TERM=dumb, as far as --allow-env=TERM lets that be
known, it prints what status prints, once.

Exit status:
  0  somebody has quit
  1  the terminal has gone, or it may not connect
  2  wrong usage, or there is no terminal
  4  quit before all threads had answered the last change

Examples:
  logdial top
  logdial top --app shop --for 1h --lines 5000 --reason 'slow orders'`;

/** After how long levels are taken back, unless something else is said. */
const USUAL_TIME = "10m";

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const setup = readSetup(flags);
  if (!isTerminal() || !Deno.stdin.isTerminal() || readEnv("TERM") === "dumb") {
    await STATUS.run({ ...flags, command: "status" });
    printError("logdial: Cannot run top: it needs a terminal, for keys and to draw on");
    return EXIT.usage;
  }
  const { hostname, ports } = scanDefaults(setup.targets);
  // Once the screen is drawn, Deno can ask nobody.
  requireConnecting(hostname, ports);
  const { runTop } = await import("../top/run_top.ts");
  return await runTop(setup);
}

function readSetup(flags: Flags): TopSetup {
  const { texts, targets } = flags;
  const time = texts.get("for") ?? USUAL_TIME, lines = texts.get("lines");
  duration("for", time);
  return {
    targets,
    words: wordsOf(targets),
    sender: senderOptions(flags),
    time,
    lines: lines === undefined ? undefined : wholeNumber("--lines", lines, MOST_LINES),
    place: describePlace(targets),
  };
}

/** The options that say whom it is about, as somebody types them. */
function wordsOf({ ports, hostname, name, pid, app }: Flags["targets"]): string[] {
  const [[first, last]] = ports as [Flags["targets"]["ports"][number]];
  const isUsual = ports.length === 1 && first === DEFAULT_PORTS[0] && last === DEFAULT_PORTS[1];
  const ranges = ports.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`);
  const isOne = ports.length === 1 && first === last;
  const options: readonly (readonly [name: string, value: string | undefined])[] = [
    ["--host", hostname],
    [isOne ? "--port" : "--ports", isUsual ? undefined : ranges.join(",")],
    ["--name", name],
    ["--pid", pid?.toString()],
    ["--app", app],
  ];
  return options.flatMap(([option, value]) => value === undefined ? [] : [option, value]);
}

/** `logdial top`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { texts: ["for", "lines", "reason"], isOfOneForm: true },
  run,
};
