import type { Finding } from "../../config/check/finding.ts";
import { truncate } from "../../core/text/code_points.ts";
import { bold, needWidths, printedWidth, red } from "./print.ts";

/** Longest line that is shown whole: a line with thousands of names may have a finding for each. */
const MAX_SHOWN = 240;

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
    const at = column === undefined
      ? source.length - source.trimStart().length
      : truncate(source, column - 1).length;
    const { shown, before } = around(source, at);
    lines.push(`    ${shown}`);
    lines.push(`    ${" ".repeat(printedWidth(before))}${red("^")}`);
  }
  if (hint !== undefined) lines.push(`    hint: ${hint}`);
  return lines;
}

/** A line as it is shown, a long one only around the place, and the part before the place. */
function around(line: string, at: number): { readonly shown: string; readonly before: string } {
  if (line.length <= MAX_SHOWN) return { shown: line, before: line.slice(0, at) };
  const from = Math.max(0, at - MAX_SHOWN / 2), to = Math.max(from, at) + MAX_SHOWN / 2;
  const start = from > 0 ? "…" : "", end = to < line.length ? "…" : "";
  return {
    shown: `${start}${line.slice(from, to)}${end}`,
    before: `${start}${line.slice(from, at)}`,
  };
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
