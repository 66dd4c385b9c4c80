import type { Finding } from "./finding.ts";
import type { IniDocument } from "../ini/ini_document.ts";
import { EXTENSION_WORDS } from "../text/extension_words.ts";
import { EXTENSIONS } from "../spec/config_spec.ts";
import { suggest } from "../../core/errors/suggest.ts";

/** Sections by their whole name, with their options. */
const SECTIONS = new Map<string, readonly string[]>([
  ["loggers", ["keys"]],
  ["handlers", ["keys"]],
  ["formatters", ["keys"]],
  [EXTENSIONS, EXTENSION_WORDS],
]);

/** Sections by the first word of their name, with their options. */
const KINDS = new Map([
  ["logger", ["level", "handlers", "qualname", "propagate"]],
  ["handler", ["class", "level", "formatter", "args", "kwargs", "target"]],
  ["formatter", ["format", "datefmt", "style", "class", "escape"]],
]);

const DICT_KEYS = [
  "version",
  "formatters",
  "filters",
  "handlers",
  "loggers",
  "root",
  "incremental",
  "disable_existing_loggers",
  EXTENSIONS,
];
const LOGGER_KEYS = ["level", "handlers", "propagate", "filters"];

/** CPython passes over words that it does not know, so a misspelt one has no effect. */
export function unknownWords(document: IniDocument): Finding[] {
  const findings: Finding[] = [];
  const warn = (what: string, line: number | undefined, hint: string | undefined) =>
    findings.push({ severity: "warning", reason: `${what} means nothing here`, line, hint });
  for (const [name, section] of document.sections) {
    // Unknown words in there are errors, told as such.
    if (name === EXTENSIONS) continue;
    const kind = /^([a-z]+)_/.exec(name)?.[1] ?? "";
    const known = SECTIONS.get(name) ?? KINDS.get(kind);
    if (known === undefined) {
      // Files are shared with other programs, which have sections of their own.
      const hint = suggest(name, [...SECTIONS.keys(), ...KINDS.keys()]);
      if (hint !== undefined) warn(`Section [${name}]`, section.line, hint);
      continue;
    }
    // What stands in [DEFAULT] is for whoever needs it.
    for (const { key, line } of section.ownEntries()) {
      if (!known.includes(key)) warn(`Key "${key}"`, line, suggest(key, known));
    }
  }
  return findings;
}

/** The same of a dict, which has no lines. */
export function unknownDictKeys(dict: object): Finding[] {
  const entries = dict as Record<string, unknown>;
  const loggers = typeof entries.loggers === "object" ? Object.entries(entries.loggers ?? {}) : [];
  return [
    ...keysOf("", dict, DICT_KEYS),
    ...keysOf(' of "root"', entries.root, LOGGER_KEYS),
    ...loggers.flatMap(([name, logger]) => keysOf(` of logger "${name}"`, logger, LOGGER_KEYS)),
  ];
}

function keysOf(where: string, object: unknown, known: readonly string[]): Finding[] {
  if (typeof object !== "object" || object === null) return [];
  return Object.keys(object).filter((key) => !known.includes(key)).map((key) => ({
    severity: "warning",
    reason: `Key "${key}"${where} means nothing here`,
    hint: suggest(key, known),
  }));
}
