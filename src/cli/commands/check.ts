import { EXIT } from "../answers/exit_status.ts";
import type { Command } from "../arguments/command.ts";
import {
  announcePreset,
  DEFAULT_HELP,
  DEFAULT_OPTION,
  findingsOf,
  readDefaults,
  readSource,
} from "../arguments/config_source.ts";
import { type Flags, oneWord } from "../arguments/flags.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { printResult } from "../answers/print_result.ts";
import { describeFindings } from "../printing/describe_findings.ts";
import { green, print } from "../printing/print.ts";

const HELP = `Checks a configuration without sending it anywhere.

Usage: logdial check FILE [options]

  FILE            a .conf, JSON or YAML file, - for stdin, or one of the presets
                  debug, info and error
                  (which change the root's level only)
${DEFAULT_HELP.slice(1)}
  --unknown-class stand-in
                  as the program's option unknownClass: Python's own class takes
                  the place of one that is not known
  --json          print JSON
  --help          this text

It is built as a program would, but no file is opened and nothing is sent. An
absolute path of which this machine lacks the folder is a warning; relative
paths, and whether a program may write there, are not looked at. Classes that a
program registers itself are not known here: each is a warning that names the
call.

Exit status:
  0  good, maybe with warnings
  2  bad, or wrong usage

Examples:
  logdial check my-logging.conf
  logdial check development.ini --default here=. --default logfilename=app.log`;

async function run(flags: Flags): Promise<number> {
  const name = oneWord(flags, "a file or a preset");
  const source = await readSource(name);
  announcePreset(source, flags);
  const standsIn = readStandsIn(flags.texts.get("unknown-class"));
  const findings = await findingsOf(source, readDefaults(flags), { standsIn });
  const isBad = findings.some(({ severity }) => severity === "error");
  const exit = isBad ? EXIT.usage : EXIT.ok;
  if (flags.json) {
    printResult({ command: flags.command, exit, file: name, findings });
    return exit;
  }
  for (const line of await describeFindings(name, source.shown, findings)) print(line);
  if (!isBad) print(green(`${name} is good`));
  return exit;
}

function readStandsIn(value: string | undefined): boolean {
  if (value === undefined || value === "stand-in") return value !== undefined;
  throw new UsageError(`Cannot use --unknown-class "${value}": it must be stand-in`);
}

/** `logdial check`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { isLocal: true, pairs: [DEFAULT_OPTION], texts: ["unknown-class"] },
  run,
};
