import { ConfigError } from "../../core/errors/config_error.ts";
import { mayBeDict, parseConfigText, type ParsedConfig } from "../text/config_text.ts";
import { readExtensions } from "../text/extensions.ts";
import { guessFormat } from "../text/guess_format.ts";
import type { Finding } from "./finding.ts";
import { IniDocument } from "../ini/ini_document.ts";
import { nearest } from "../../core/errors/suggest.ts";
import { type KeyPlaces, locateInJson, locateInYaml, placeOf } from "./locate_keys.ts";
import { tryBuild } from "./try_build.ts";
import { unknownDictKeys, unknownWords } from "./unknown_words.ts";

/**
 * Says all that is wrong with a configuration, what only a program can know, and what looks like a
 * slip of the pen, in the order of the lines: those of `shown`, if the text was made from that.
 */
export function explainConfig(
  text: string,
  defaults: Readonly<Record<string, string>> = {},
  shown: string = text,
): Finding[] {
  const findings = [...problemsOf(text, defaults), ...warnings(text)];
  const placed = mayBeDict(text)
    ? placeInDict(findings, shown === text ? locateInJson(text) : locateInYaml(shown))
    : findings;
  return placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function problemsOf(text: string, defaults: Readonly<Record<string, string>>): Finding[] {
  const findings: Finding[] = [];
  try {
    const parsed = parseConfigText(text);
    for (const { error, severity, isForProgram } of tryBuild(parsed, defaults)) {
      findings.push({
        ...findingOf(text, error, severity),
        ...isForProgram ? { isForProgram } : {},
      });
    }
    readExtensions(parsed);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    findings.push(findingOf(text, error, "error"));
  }
  return findings;
}

/** What is to say of an error. */
export function findingOf(
  text: string,
  error: ConfigError,
  severity: Finding["severity"] = "error",
): Finding {
  const { reason, section, key, line } = error;
  const column = columnOf(text, error);
  return { severity, reason, section, key, line, column, hint: hintFor(text, error) };
}

/** A dict is read without the places of what is in it. */
function placeInDict(findings: readonly Finding[], places: KeyPlaces): Finding[] {
  return findings.map((finding) =>
    finding.line !== undefined
      ? finding
      : { ...finding, ...placeOf(places, finding.section, finding.key) }
  );
}

/** Errors in a value count from its start. */
function columnOf(text: string, { key, line, column }: ConfigError): number | undefined {
  if (column === undefined || line === undefined || key === undefined) return column;
  if (mayBeDict(text)) return column;
  const source = text.split("\n")[line - 1] ?? "";
  const start = /^\s*[^=:]*[=:]\s*/.exec(source)?.[0].length ?? 0;
  return start + column <= source.length + 1 ? start + column : undefined;
}

function warnings(text: string): Finding[] {
  const parsed = parseQuietly(text);
  if (parsed === undefined) return [];
  return parsed.kind === "dict"
    ? unknownDictKeys(parsed.dict)
    : unknownWords(IniDocument.fromTable(parsed.table));
}

/** What was looked for may be there under a name that is nearly it. */
function hintFor(text: string, { section, key, reason }: ConfigError): string | undefined {
  const [, level] = /unknown level "([^]*)", known are /.exec(reason) ?? [];
  if (level !== undefined) {
    return `if the program names it, it does so by addLevelName(…, ${JSON.stringify(level)})`;
  }
  if (reason.includes("before the first [section]") && guessFormat(text) === "YAML") {
    return "this looks like YAML, which is read from files called .yaml or .yml";
  }
  const [, missing] = /no option "([^"]+)" in this section or in \[DEFAULT\]/.exec(reason) ?? [];
  if (missing !== undefined) {
    return `if the program gives it as one of its defaults, check with --default ${missing}=VALUE`;
  }
  const parsed = parseQuietly(text);
  if (parsed?.kind !== "ini" || section === undefined) return undefined;
  const document = IniDocument.fromTable(parsed.table);
  if (reason.includes("find section")) {
    const near = nearest(section, [...document.sections.keys()]);
    return near === undefined ? undefined : `is [${near}] meant to be it?`;
  }
  const keys = [...document.get(section)?.keys() ?? []];
  if (key === undefined || keys.includes(key)) return undefined;
  const near = nearest(key, keys);
  return near === undefined ? undefined : `is "${near}" meant to be it?`;
}

function parseQuietly(text: string): ParsedConfig | undefined {
  try {
    return parseConfigText(text);
  } catch {
    // Told already.
    return undefined;
  }
}
