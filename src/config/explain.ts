import { ConfigError } from "../core/errors.ts";
import { readConfigText } from "./config_text.ts";
import { IniDocument } from "./ini.ts";

/** Something to say about a configuration. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** What is wrong. */
  readonly reason: string;
  /** 1-based line of the text. */
  readonly line?: number;
  /** 1-based column in the line. */
  readonly column?: number;
  /** What may have been meant. */
  readonly hint?: string;
}

/** Options of each kind of section, by the section's first word. */
const KNOWN_KEYS = new Map([
  ["loggers", ["keys"]],
  ["handlers", ["keys"]],
  ["formatters", ["keys"]],
  ["logger", ["level", "handlers", "qualname", "propagate"]],
  ["handler", ["class", "level", "formatter", "args", "kwargs", "target"]],
  ["formatter", ["format", "datefmt", "style", "class"]],
  ["logdial", ["label", "expires", "forever", "wait"]],
]);

/** Says what is wrong with a configuration, and what looks like a slip of the pen. */
export function explainConfig(text: string): Finding[] {
  const findings: Finding[] = [];
  try {
    // Nothing is built: names may be the program's own.
    readConfigText(text, () => ({ value: undefined }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    findings.push({
      severity: "error",
      reason: error.reason,
      line: error.line,
      column: error.column,
      hint: hintFor(text, error),
    });
  }
  return [...findings, ...unknownKeys(text)];
}

/** CPython passes over keys that it does not know, so a misspelt one has no effect. */
function unknownKeys(text: string): Finding[] {
  const document = parseQuietly(text);
  const findings: Finding[] = [];
  for (const [name, section] of document?.sections ?? []) {
    const known = KNOWN_KEYS.get(name.split("_")[0]!);
    if (known === undefined) {
      const hint = suggest(name, [...KNOWN_KEYS.keys()]);
      const reason = `Section [${name}] means nothing here`;
      findings.push({ severity: "warning", reason, line: section.line, hint });
      continue;
    }
    for (const { key, line } of section.entries()) {
      if (known.includes(key)) continue;
      const hint = suggest(key, known);
      findings.push({ severity: "warning", reason: `Key "${key}" means nothing here`, line, hint });
    }
  }
  return findings;
}

function hintFor(text: string, { section, key, reason }: ConfigError): string | undefined {
  const document = parseQuietly(text);
  if (document === undefined || section === undefined) return undefined;
  if (reason.includes("find section")) return suggest(section, [...document.sections.keys()]);
  const keys = [...document.get(section)?.keys() ?? []];
  return key === undefined || keys.includes(key) ? undefined : suggest(key, keys);
}

function parseQuietly(text: string): IniDocument | undefined {
  if (text.trimStart().startsWith("{")) return undefined;
  try {
    return IniDocument.parse(text);
  } catch {
    // Told already.
    return undefined;
  }
}

function suggest(word: string, known: readonly string[]): string | undefined {
  const near = known.map((one) => [editDistance(word, one), one] as const)
    .filter(([distance, one]) => distance > 0 && distance <= Math.max(1, one.length / 3))
    .sort(([a], [b]) => a - b)[0];
  return near === undefined ? undefined : `did you mean "${near[1]}"?`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
