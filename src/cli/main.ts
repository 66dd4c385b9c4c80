/**
 * The `logdial` command: turns levels of running programs.
 *
 * ```sh
 * deno run -R -N -E=LOGDIAL_KEY jsr:@logdial/logging/cli send error.conf
 * ```
 *
 * @module
 */
import { EXIT } from "./answers/exit_status.ts";
import "../core/runtime/require_deno.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { suggestOrList } from "../core/errors/suggest.ts";
import { NoTargetError } from "../client/targets.ts";
import { CHANGE_FLAGS } from "./arguments/change_flags.ts";
import { CHECK_HELP, runCheck } from "./commands/check.ts";
import { COMMAND_LIST, type CommandName } from "./commands/command_list.ts";
import { COMPLETIONS_HELP, runCompletions } from "./commands/completions.ts";
import { DEFAULT_OPTION } from "./arguments/config_source.ts";
import { DIFF_HELP, runDiff } from "./commands/diff.ts";
import { type Flags, type FlagSpec, readFlags } from "./arguments/flags.ts";
import { DUMP_FLAGS, DUMP_HELP, runDump } from "./commands/dump.ts";
import { GET_HELP, runGet } from "./commands/get.ts";
import { HISTORY_HELP, runHistory } from "./commands/history.ts";
import { LOGGERS_HELP, runLoggers } from "./commands/loggers.ts";
import { chooseColors, print, printDocument, printError } from "./printing/print.ts";
import { RECORD_FLAGS, RECORD_HELP, runRecord } from "./commands/record.ts";
import { runSend, SEND_HELP } from "./commands/send.ts";
import { runSet, SET_FLAGS, SET_HELP } from "./commands/set.ts";
import { runStatus, STATUS_HELP } from "./commands/status.ts";
import { runTail, TAIL_FLAGS, TAIL_HELP } from "./commands/tail.ts";
import { RESET_HELP, ROLLBACK_HELP, runReset, runRollback } from "./commands/undo.ts";
import { tellUnreadKey } from "./arguments/unread_key.ts";
import { UsageError } from "./arguments/usage_error.ts";
import { VERSION } from "./version.ts";
import { runWhy, WHY_HELP } from "./commands/why.ts";

const LINES = COMMAND_LIST.map(({ name, takes, does }) =>
  `  ${`${name} ${takes}`.padEnd(20)} ${does}`
);

const HELP = `Turns the log levels of running programs.

Usage: logdial COMMAND [options]

${LINES.join("\n")}

"logdial help COMMAND" tells more, with examples; "logdial --version" tells the version.`;

/** A command: what it prints for `--help`, what it takes, and what it does. */
interface Command {
  readonly help: string;
  readonly run: (flags: Flags) => Promise<number>;
  readonly flags?: FlagSpec;
}

const COMMANDS: Readonly<Record<CommandName, Command>> = {
  send: { help: SEND_HELP, run: runSend, flags: { ...CHANGE_FLAGS, pairs: [DEFAULT_OPTION] } },
  set: { help: SET_HELP, run: runSet, flags: SET_FLAGS },
  status: { help: STATUS_HELP, run: runStatus },
  loggers: { help: LOGGERS_HELP, run: runLoggers },
  why: { help: WHY_HELP, run: runWhy },
  get: { help: GET_HELP, run: runGet, flags: { switches: ["otel"] } },
  diff: { help: DIFF_HELP, run: runDiff, flags: { pairs: [DEFAULT_OPTION] } },
  check: {
    help: CHECK_HELP,
    run: runCheck,
    flags: { isLocal: true, pairs: [DEFAULT_OPTION], texts: ["unknown-class"] },
  },
  tail: { help: TAIL_HELP, run: runTail, flags: TAIL_FLAGS },
  record: { help: RECORD_HELP, run: runRecord, flags: RECORD_FLAGS },
  dump: { help: DUMP_HELP, run: runDump, flags: DUMP_FLAGS },
  history: { help: HISTORY_HELP, run: runHistory },
  rollback: { help: ROLLBACK_HELP, run: runRollback },
  reset: { help: RESET_HELP, run: runReset },
  completions: { help: COMPLETIONS_HELP, run: runCompletions, flags: { isLocal: true } },
};

/** The command of that name, if there is one. */
function findCommand(name: string): Command | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name as CommandName] : undefined;
}

/**
 * Runs the command line and resolves to the exit status.
 *
 * @example
 * ```ts
 * import { main } from "@logdial/logging/cli";
 *
 * console.log(await main(["status"]));
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  chooseColors();
  const [name, ...rest] = args;
  try {
    if (name === undefined) {
      printDocument(HELP);
      return EXIT.usage;
    }
    if (name === "--version") {
      print(`logdial ${VERSION}`);
      return EXIT.ok;
    }
    const isHelp = name === "help" || name === "--help" || name === "-h";
    if (isHelp && (rest[0] ?? "-").startsWith("-")) {
      printDocument(HELP);
      return EXIT.ok;
    }
    // `help send` is `send --help`.
    if (isHelp) return await main([...rest, "--help"]);
    const command = findCommand(name);
    if (command === undefined) {
      throw new UsageError(
        `Unknown command "${name}", ${suggestOrList(name, Object.keys(COMMANDS))}`,
      );
    }
    const flags = readFlags(rest, command.flags);
    if (!flags.help) return await command.run(flags);
    printDocument(command.help);
    return EXIT.ok;
  } catch (error) {
    const reason = reasonOf(error);
    printError(`logdial: ${reason}`);
    if (error instanceof UsageError) error.details.forEach(printError);
    tellUnreadKey([reason]);
    if (error instanceof NoTargetError) return EXIT.nobody;
    return error instanceof UsageError ? EXIT.usage : EXIT.rejected;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
