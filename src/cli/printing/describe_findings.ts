import type { Finding } from "../../config/check/finding.ts";
import { bold, needWidths, printedWidth, red } from "./print.ts";

/** Findings in lines: what is wrong and where, the line of the text with a caret, and a hint. */
export async function describeFindings(
  name: string,
  text: string,
  findings: readonly Finding[],
): Promise<string[]> {
  await needWidths([text]);
  const source = text.split("\n");
  return findings.flatMap((one) => describe(name, source, one));
}

function describe(
  name: string,
  sourceLines: readonly string[],
  { severity, reason, section, key, line, column, hint }: Finding,
): string[] {
  const place = line === undefined ? name : `${name}:${line}`;
  const kind = severity === "error" ? red("error") : severity;
  const lines = [`${bold(place)}: ${kind}: ${reason}${partText({ section, key, line })}`];
  if (line !== undefined) {
    const source = sourceLines[line - 1] ?? "";
    const at = column ?? source.length - source.trimStart().length + 1;
    lines.push(`    ${source}`);
    lines.push(`    ${" ".repeat(printedWidth(source.slice(0, at - 1)))}${red("^")}`);
  }
  if (hint !== undefined) lines.push(`    hint: ${hint}`);
  return lines;
}

/** The place of a finding, in the words of `ConfigError`. */
function partText({ section, key, line }: Pick<Finding, "section" | "key" | "line">): string {
  const parts = [
    section === undefined ? undefined : `section [${section}]`,
    key === undefined ? undefined : `key "${key}"`,
    line === undefined ? undefined : `line ${line}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
