import { EXIT } from "../answers/exit_status.ts";
import type { Finding } from "../../config/check/finding.ts";
import { announcePreset, readSource } from "../arguments/config_source.ts";
import { type Flags, oneWord } from "../arguments/flags.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { bold, green, print, printedWidth, printJson, red } from "../printing/print.ts";

/** What `check --help` prints. */
export const CHECK_HELP: string = `Checks a configuration without sending it anywhere.

Usage: logdial check FILE [options]

  FILE            a .conf or JSON file, - for stdin, else a preset: debug, info, error
                  (which changes the root's level only)
  --default NAME=VALUE
                  what %(NAME)s stands for in a .conf, as the program's defaults
                  say it; may be repeated
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
  const { text } = source;
  // Here alone, since it needs all classes that a configuration may name.
  const { explainConfig } = await import("../../config/check/explain_config.ts");
  const findings = explainConfig(text, readDefaults(flags.lists.get("default") ?? []));
  if (flags.json) printJson(findings);
  else for (const finding of findings) printFinding(name, text, finding);
  const isBad = findings.some(({ severity }) => severity === "error");
  if (!isBad && !flags.json) print(green(`${name} is good`));
  return isBad ? EXIT.usage : EXIT.ok;
}

function readDefaults(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) {
      throw new UsageError(`Cannot use --default "${text}": it must be like here=.`);
    }
    return [name.trim().toLowerCase(), value!];
  }));
}

function printFinding(
  name: string,
  text: string,
  { severity, reason, line, column, hint }: Finding,
): void {
  const place = line === undefined ? name : `${name}:${line}`;
  print(`${bold(place)}: ${severity === "error" ? red("error") : severity}: ${reason}`);
  if (line !== undefined) {
    const source = text.split("\n")[line - 1] ?? "";
    const at = column ?? source.length - source.trimStart().length + 1;
    print(`    ${source}`);
    print(`    ${" ".repeat(printedWidth(source.slice(0, at - 1)))}${red("^")}`);
  }
  if (hint !== undefined) print(`    hint: ${hint}`);
}
