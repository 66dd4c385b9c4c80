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
import { NEXT_STEP } from "./answers/groups.ts";
import { printResult } from "./answers/print_result.ts";
import { COMMAND_LIST, isCommand } from "./commands/command_list.ts";
import { readFlags } from "./arguments/flags.ts";
import { loadCommand } from "./load_command.ts";
import { chooseColors, ownStdout, print, printDocument, printError } from "./printing/print.ts";
import { tellUnsigned } from "./arguments/tell_unsigned.ts";
import { UsageError } from "./arguments/usage_error.ts";
import { VERSION } from "../version.ts";

/** Commands that print one object a line, errors included. */
const LINE_BY_LINE: ReadonlySet<string> = new Set(["tail", "dump", "agent"]);

/** The command by which completion scripts ask for the next words; users never type it. */
const COMPLETE = "complete";

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
      printDocument(help());
      return EXIT.usage;
    }
    if (name === "--version") {
      print(`logdial ${VERSION}`);
      return EXIT.ok;
    }
    const isHelp = name === "help" || name === "--help" || name === "-h";
    if (isHelp && (rest[0] ?? "-").startsWith("-")) {
      printDocument(help());
      return EXIT.ok;
    }
    // `help send` is `send --help`.
    if (isHelp) return await main([...rest, "--help"]);
    if (name === COMPLETE) {
      const { complete } = await import("./complete.ts");
      for (const one of await complete(rest)) print(one);
      return EXIT.ok;
    }
    if (!isCommand(name)) {
      const known = COMMAND_LIST.map(({ name }) => name);
      throw new UsageError(`Unknown command "${name}", ${suggestOrList(name, known)}`);
    }
    const command = await loadCommand(name);
    const flags = readFlags(rest, command.flags, name);
    if (!flags.help) return await command.run(flags);
    printDocument(command.help);
    return EXIT.ok;
  } catch (error) {
    return tellError(error, name, rest);
  }
}

function help(): string {
  const lines = COMMAND_LIST.map(({ name, takes, does }) =>
    `  ${`${name} ${takes}`.padEnd(21)} ${does}`
  );
  return `Turns the log levels of running programs.

Usage: logdial COMMAND [options]

${lines.join("\n")}

"logdial help COMMAND" tells more, with examples and exit statuses;
"logdial --version" tells the version.`;
}

/** Says what has gone wrong, to a person or a program; returns the exit status. */
function tellError(error: unknown, command = "", args: readonly string[]): number {
  const isNobody = error instanceof NoTargetError;
  const exit = isNobody ? EXIT.nobody : error instanceof UsageError ? EXIT.usage : EXIT.rejected;
  const reason = reasonOf(error);
  const message = isNobody && error.isAlone ? `${reason}: ${NEXT_STEP}` : reason;
  if (args.includes("--json")) {
    const findings = error instanceof UsageError ? error.findings : undefined;
    try {
      const space = LINE_BY_LINE.has(command) || args.includes("--watch") ? 0 : undefined;
      printResult({ command, exit, threads: [], error: { message }, findings }, space);
    } catch {
      // Stdout may be what has failed, as on a full disk: so the text goes to stderr.
      printError(`logdial: ${message}`);
    }
  } else {
    printError(`logdial: ${message}`);
    if (error instanceof UsageError) error.details.forEach(printError);
  }
  tellUnsigned([reason]);
  return exit;
}

if (import.meta.main) {
  ownStdout();
  Deno.exit(await main(Deno.args));
}
