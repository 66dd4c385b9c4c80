/**
 * The `logdial` command: turns levels of running programs.
 *
 * ```sh
 * deno run -R -N jsr:@logdial/logging/cli send error.conf
 * ```
 *
 * @module
 */
import { setColorEnabled } from "@std/fmt/colors";
import { type Flags, readFlags } from "./flags.ts";
import { runSend, SEND_HELP } from "./send.ts";
import { runStatus, STATUS_HELP } from "./status.ts";
import { EXIT, UsageError } from "./usage.ts";

const HELP = `Turns the log levels of running programs.

Usage: logdial COMMAND [options]

  send FILE     sends a configuration to every thread that listens
  status        shows the threads that listen, and their levels

"logdial COMMAND --help" tells more.`;

/** A command: what it prints for `--help`, and what it does. */
interface Command {
  readonly help: string;
  readonly run: (flags: Flags) => Promise<number>;
}

const COMMANDS = new Map<string, Command>([
  ["send", { help: SEND_HELP, run: runSend }],
  ["status", { help: STATUS_HELP, run: runStatus }],
]);

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
  setColorEnabled(!Deno.noColor && Deno.stdout.isTerminal());
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(HELP);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  try {
    const command = COMMANDS.get(name);
    if (command === undefined) {
      throw new UsageError(
        `Unknown command "${name}", known are ${[...COMMANDS.keys()].join(", ")}`,
      );
    }
    const flags = readFlags(rest);
    if (!flags.help) return await command.run(flags);
    console.log(command.help);
    return EXIT.ok;
  } catch (error) {
    console.error(`logdial: ${error instanceof Error ? error.message : error}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.rejected;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
