import { EXIT } from "../answers/exit_status.ts";
import { explainConfig } from "../../config/check/explain_config.ts";
import type { Finding } from "../../config/check/finding.ts";
import { announcePreset, readSource } from "../arguments/config_source.ts";
import { type Flags, oneWord } from "../arguments/flags.ts";
import { bold, green, print, printedWidth, printJson, red } from "../printing/print.ts";

/** What `check --help` prints. */
export const CHECK_HELP: string = `Checks a configuration without sending it anywhere.

Usage: logdial check FILE [--json]

  FILE            a .conf or JSON file, - for stdin, else a preset: debug, info, error
                  (which changes the root's level only)

Classes and names that a program registers itself are not known here, and told as such.
Exit status: 0 good; 2 bad.

Examples:
  logdial check my-logging.conf`;

/** Runs `check`. */
export async function runCheck(flags: Flags): Promise<number> {
  const name = oneWord(flags, "a file or a preset");
  const source = await readSource(name);
  announcePreset(source, flags);
  const { text } = source;
  const findings = explainConfig(text);
  if (flags.json) printJson(findings);
  else for (const finding of findings) printFinding(name, text, finding);
  const isBad = findings.some(({ severity }) => severity === "error");
  if (!isBad && !flags.json) print(green(`${name} is good`));
  return isBad ? EXIT.usage : EXIT.ok;
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
