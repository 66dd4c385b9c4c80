import { isOtelConfig } from "../otel/read_otel_config.ts";
import type { Finding } from "./finding.ts";
import type { IniDocument } from "../ini/ini_document.ts";
import { EXTENSION_WORDS } from "../text/extension_words.ts";
import { EXTENSIONS, FORMATTER_WORDS } from "../spec/config_spec.ts";
import { didYouMean, suggest } from "../../core/errors/suggest.ts";

/** Sections by their whole name, with their options. */
const SECTIONS = new Map<string, readonly string[]>([
  ["loggers", ["keys"]],
  ["handlers", ["keys"]],
  ["formatters", ["keys"]],
  ["filters", ["keys"]],
  [EXTENSIONS, EXTENSION_WORDS],
]);

/** Keys of a formatter in a `.conf`. */
const FORMATTER_OPTIONS = [
  ...["format", "datefmt", "style", "class", "defaults", "escape"],
  ...FORMATTER_WORDS,
];

/** Sections by the first word of their name, with their options. */
const KINDS = new Map([
  ["logger", ["level", "handlers", "qualname", "propagate", "filters"]],
  ["handler", ["class", "level", "formatter", "args", "kwargs", "target", "filters"]],
  ["formatter", FORMATTER_OPTIONS],
  ["filter", ["class", "args", "kwargs"]],
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
const FORMATTER_KEYS = [...FORMATTER_OPTIONS, "validate"];
const FILTER_KEYS = ["name"];

/** CPython passes over words that it does not know, so a misspelt one has no effect. */
export function unknownWords(document: IniDocument): Finding[] {
  const findings: Finding[] = [];
  const warn = (what: string, place: Pick<Finding, "section" | "key" | "line">, hint?: string) =>
    findings.push({ severity: "warning", reason: `${what} means nothing here`, ...place, hint });
  for (const [name, section] of document.sections) {
    // Unknown words in there are errors, told as such.
    if (name === EXTENSIONS) continue;
    const kind = /^([a-z]+)_/.exec(name)?.[1] ?? "";
    const known = SECTIONS.get(name) ?? KINDS.get(kind);
    if (known === undefined) {
      // Files are shared with other programs, which have sections of their own.
      const hint = suggest(name, [...SECTIONS.keys(), ...KINDS.keys(), ...spellings(name)]);
      if (hint !== undefined) {
        warn(`Section [${name}]`, { section: name, line: section.line }, hint);
      }
      continue;
    }
    // What stands in [DEFAULT] is for whoever needs it.
    for (const { key, line } of section.ownEntries()) {
      if (known.includes(key)) continue;
      warn(`Key "${key}"`, { section: name, key, line }, suggest(key, known));
    }
  }
  return findings;
}

/** The section's name with each of the kinds. */
function spellings(name: string): string[] {
  const at = name.indexOf("_");
  return at < 0 ? [] : [...KINDS.keys()].map((kind) => kind + name.slice(at));
}

/** The same of a dict, by the paths of the parts. */
export function unknownDictKeys(dict: object): Finding[] {
  // That of OpenTelemetry says much to others, and is read strictly where it is for us.
  if (isOtelConfig(dict)) return [];
  const entries = dict as Record<string, unknown>;
  return [
    ...unreferred(keysOf(undefined, dict, DICT_KEYS), dict),
    ...keysOf("root", entries.root, LOGGER_KEYS),
    ...partsOf(entries, "loggers", () => LOGGER_KEYS),
    ...partsOf(entries, "formatters", (part) => isMadeByFactory(part) ? undefined : FORMATTER_KEYS),
    ...partsOf(entries, "filters", (part) =>
      // Unknown options of a class are errors, told as such.
      isMadeByFactory(part) || Object.hasOwn(part, "class") ? undefined : FILTER_KEYS),
    // Unknown arguments of handlers are errors, told as such; in a change of levels there are none.
    ...partsOf(entries, "handlers", () => entries.incremental === true ? ["level"] : undefined),
  ];
}

/** Without keys that `cfg://` leads to, which may have any name. */
function unreferred(findings: readonly Finding[], dict: object): readonly Finding[] {
  if (findings.length === 0) return findings;
  const paths = JSON.stringify(dict).match(/(?<="cfg:\/\/)[^."[]+/g) ?? [];
  const referred = new Set(paths.map((name) => name.trim()));
  return findings.filter(({ key }) => !referred.has(key!));
}

/** Those that a factory is given mean what it makes of them. */
function isMadeByFactory(part: object): boolean {
  return Object.hasOwn(part, "()");
}

function partsOf(
  dict: Readonly<Record<string, unknown>>,
  kind: string,
  keysFor: (part: object) => readonly string[] | undefined,
): Finding[] {
  const parts = dict[kind];
  if (typeof parts !== "object" || parts === null) return [];
  return Object.entries(parts).flatMap(([name, part]) => {
    if (typeof part !== "object" || part === null) return [];
    const known = keysFor(part);
    return known === undefined ? [] : keysOf(`${kind}.${name}`, part, known);
  });
}

function keysOf(section: string | undefined, object: unknown, known: readonly string[]): Finding[] {
  if (typeof object !== "object" || object === null) return [];
  const where = section === undefined ? "" : ` of "${section}"`;
  const isFormatter = known === FORMATTER_KEYS;
  return Object.keys(object).filter((key) => !known.includes(key)).map((key) => ({
    severity: "warning",
    reason: `Key "${key}"${where} means nothing here`,
    section,
    key,
    hint: isFormatter ? hintForFormatter(key, object) : suggest(key, known),
  }));
}

/** As in CPython, a class gets the format, and what else it takes only from a factory's keys. */
function hintForFormatter(key: string, part: object): string | undefined {
  if (key === "fmt") return didYouMean("format");
  const hint = suggest(key, FORMATTER_KEYS);
  const { class: name } = part as { readonly class?: unknown };
  if (hint !== undefined || typeof name !== "string" || name.startsWith("logging.")) return hint;
  return `with "()" in place of "class", all keys are arguments of ${name}`;
}
