import { EXIT } from "../answers/exit_status.ts";
import {
  announcePreset,
  DEFAULT_HELP,
  findingsOf,
  readDefaults,
  readSource,
} from "../arguments/config_source.ts";
import { type Flags, oneWord } from "../arguments/flags.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { describeFindings } from "../printing/describe_findings.ts";
import { green, print, printJson } from "../printing/print.ts";

/** What `check --help` prints. */
export const CHECK_HELP: string = `Checks a configuration without sending it anywhere.

Usage: logdial check FILE [options]

  FILE            a .conf, JSON or YAML file, - for stdin, or a preset: debug, info, error
                  (which changes the root's level only)
${DEFAULT_HELP.slice(1)}
  --unknown-class stand-in
                  as the program's option unknownClass: Python's own class takes the
                  place of one that is not known
  --json          print JSON
  --help          this text

It is built as a program would, but no file is opened and nothing is sent.
Classes that a program registers itself are not known here: each is a warning
that names the call.
Exit status: 0 good, maybe with warnings; 2 bad.

Examples:
  logdial check my-logging.conf
  logdial check development.ini --default here=. --default logfilename=app.log`;

/** Runs `check`. */
export async function runCheck(flags: Flags): Promise<number> {
  const name = oneWord(flags, "a file or a preset");
  const source = await readSource(name);
  announcePreset(source, flags);
  const standsIn = readStandsIn(flags.texts.get("unknown-class"));
  const findings = await findingsOf(source, readDefaults(flags), standsIn);
  if (flags.json) printJson(findings);
  else {
    for (const line of describeFindings(name, source.shown, findings)) print(line);
  }
  const isBad = findings.some(({ severity }) => severity === "error");
  if (!isBad && !flags.json) print(green(`${name} is good`));
  return isBad ? EXIT.usage : EXIT.ok;
}

function readStandsIn(value: string | undefined): boolean {
  if (value === undefined || value === "stand-in") return value !== undefined;
  throw new UsageError(`Cannot use --unknown-class "${value}": it must be stand-in`);
}
