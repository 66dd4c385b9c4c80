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

/** Tells unknown sections and options: CPython passes over them, so a misspelt one has no effect. */
export function unknownWords(document: IniDocument): Finding[] {
  const findings: Finding[] = [];
  const warn = (what: string, place: Pick<Finding, "section" | "key" | "line">, hint?: string) =>
    findings.push({ severity: "warning", reason: `${what} means nothing here`, ...place, hint });
  for (const [name, section] of document.sections) {
    // Unknown words in our own section are told as errors.
    if (name === EXTENSIONS) continue;
    const kind = /^([a-z]+)_/.exec(name)?.[1] ?? "";
    const known = SECTIONS.get(name) ?? KINDS.get(kind);
    if (known === undefined) {
      // Other programs may have sections of their own in the file: only misspelt ones are told.
      const hint = suggest(name, [...SECTIONS.keys(), ...KINDS.keys(), ...spellings(name)]);
      if (hint !== undefined) {
        warn(`Section [${name}]`, { section: name, line: section.line }, hint);
      }
      continue;
    }
    // Options of [DEFAULT] are for all sections, and so not checked.
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

/** As {@linkcode unknownWords}, for a dict; places are the paths of parts. */
export function unknownDictKeys(dict: object): Finding[] {
  // OpenTelemetry's format says much to others; the part that is for us is read strictly.
  if (isOtelConfig(dict)) return [];
  const entries = dict as Record<string, unknown>;
  return [
    ...unreferred(keysOf(undefined, dict, DICT_KEYS), dict),
    ...keysOf("root", entries.root, LOGGER_KEYS),
    ...partsOf(entries, "loggers", () => LOGGER_KEYS),
    ...partsOf(entries, "formatters", (part) => isMadeByFactory(part) ? undefined : FORMATTER_KEYS),
    ...partsOf(entries, "filters", (part) =>
      // Unknown options of a class are told as errors.
      isMadeByFactory(part) || Object.hasOwn(part, "class") ? undefined : FILTER_KEYS),
    // Unknown arguments of handlers are told as errors; a change of levels has no arguments.
    ...partsOf(entries, "handlers", () => entries.incremental === true ? ["level"] : undefined),
  ];
}

/** The findings without keys to which a `cfg://` leads: these may have any name. */
function unreferred(findings: readonly Finding[], dict: object): readonly Finding[] {
  if (findings.length === 0) return findings;
  const paths = JSON.stringify(dict).match(/(?<="cfg:\/\/)[^."[]+/g) ?? [];
  const referred = new Set(paths.map((name) => name.trim()));
  return findings.filter(({ key }) => !referred.has(key!));
}

/** Whether a factory makes a part: then its keys are the factory's arguments. */
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

/** The hint for an unknown key of a formatter that its class, as in CPython, never gets. */
function hintForFormatter(key: string, part: object): string | undefined {
  if (key === "fmt") return didYouMean("format");
  const hint = suggest(key, FORMATTER_KEYS);
  const { class: name } = part as { readonly class?: unknown };
  if (hint !== undefined || typeof name !== "string" || name.startsWith("logging.")) return hint;
  return `with "()" in place of "class", all keys are arguments of ${name}`;
}
