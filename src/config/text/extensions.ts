import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { didYouMean, nearest } from "../../core/errors/suggest.ts";
import { visible } from "../../core/text/visible.ts";
import type { IniTable } from "../ini/ini_document.ts";
import { insertOptions } from "../ini/insert_options.ts";
import { isOtelConfig } from "../otel/read_otel_config.ts";
import { excerpt } from "../spec/excerpt.ts";
import type { ScopeTest } from "../../core/loggers/scope.ts";
import type { OpenSetting } from "../spec/open_setting.ts";
import { isTrue } from "../../core/python/py_truth.ts";
import { SCOPE_WORDS } from "../spec/scope_setting.ts";
import { EXTENSIONS } from "../spec/config_spec.ts";
import { parseConfigText, type ParsedConfig } from "./config_text.ts";
import { type Aim, readWords } from "./extension_words.ts";

export { EXTENSIONS } from "../spec/config_spec.ts";
export type { Aim } from "./extension_words.ts";

/** What a configuration says to logdial only. */
export interface Extensions {
  /** What the sender calls the configuration, for `status` and `history`. */
  readonly label?: string;
  /** Who sends it, as `kim@laptop`. */
  readonly by?: string;
  /** Why it is sent. */
  readonly reason?: string;
  /** Tells one command from another; the same for all threads that it is sent to. */
  readonly id?: string;
  /** What the change is narrowed to; undefined if it is meant for all threads. */
  readonly to?: Aim;
  /** After how many milliseconds it is taken back. */
  readonly expires?: number;
  /** How many lines a process may log only thanks to it, before it is taken back. */
  readonly lines?: number;
  /** Whether the sender wants to go beyond what the operator's policy would cap. */
  readonly forever?: boolean;
  /** How long the sender wants to wait for a thread that computes, in milliseconds. */
  readonly wait?: number;
  /** Which handlers a change of levels opens for the records that it turns on. */
  readonly open?: OpenSetting;
  /** What is kept in memory from then on, as it stands there. */
  readonly record?: unknown;
  /** For which log calls a change of levels is. */
  readonly where?: ScopeTest["where"];
  readonly sample?: ScopeTest["sample"];
  readonly match?: ScopeTest["match"];
  /** A command, for a payload that is not a configuration. */
  readonly command?: string;
  /** What goes with the command. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * Reads `[logdial]` of a `.conf`, or `"logdial"` of a JSON dict.
 *
 * @throws {ConfigError} An unknown word, or a value of the wrong shape.
 */
export function readExtensions(parsed: ParsedConfig): Extensions {
  checkSpelling(parsed);
  const said = saidIn(parsed);
  const { label, disabled: _, ...read } = readWords(said, placeIn(parsed)) as
    & Extensions
    & Readonly<Record<string, unknown>>;
  const { command } = read;
  const scoped = SCOPE_WORDS.find((word) => read[word] !== undefined);
  if (scoped !== undefined && command === undefined && !isOfLevels(parsed)) {
    throw new ConfigError(
      `Cannot use "${scoped}": only a change of levels can be for some log calls, by set`,
      placeIn(parsed)(scoped),
    );
  }
  if (read.open && command === undefined && isWhole(parsed)) {
    throw new ConfigError(
      "Cannot open handlers: only a change of levels can, a whole configuration sets their levels",
      placeIn(parsed)("open"),
    );
  }
  if (command !== undefined) checkAlone(parsed, command);
  return {
    ...read,
    ...label === undefined || label === "" ? {} : { label },
    ...command === undefined ? {} : { parameters: said },
  };
}

/** Whether it changes levels only, by Python's truth. */
export function isOfLevels(parsed: ParsedConfig): boolean {
  return parsed.kind === "dict" && isTrue((parsed.dict as Record<string, unknown>).incremental);
}

/** Whether it says more than levels, for which OpenTelemetry has a form of its own. */
function isWhole(parsed: ParsedConfig): boolean {
  return !isOfLevels(parsed) && !(parsed.kind === "dict" && isOtelConfig(parsed.dict));
}

/** The configuration with extensions in it; those that it has itself win. */
export function withExtensions(text: string, added: Readonly<Record<string, unknown>>): string {
  const parsed = parseConfigText(text);
  const said = saidIn(parsed);
  if (parsed.kind === "dict") {
    return JSON.stringify({ ...parsed.dict, [EXTENSIONS]: { ...added, ...said } });
  }
  const own = Object.entries(added)
    .filter(([key, value]) => value !== undefined && !Object.hasOwn(said, key))
    .map(([key, value]) => [key, onOneLine(value)] as const);
  if (own.length === 0) return text;
  const [, line] = sectionIn(parsed.table) ?? [];
  if (line !== undefined) return insertOptions(text.split("\n"), line, own).join("\n");
  const lines = own.map(([key, value]) => `${key} = ${value}`);
  return `${text.trimEnd()}\n\n[${EXTENSIONS}]\n${lines.join("\n")}\n`;
}

/** The configuration without what it says to logdial. */
export function withoutExtensions(parsed: ParsedConfig): ParsedConfig {
  if (parsed.kind === "ini") {
    return { kind: "ini", table: parsed.table.filter(([name]) => name !== EXTENSIONS) };
  }
  const { [EXTENSIONS]: _, ...dict } = parsed.dict as Record<string, unknown>;
  return { kind: "dict", dict };
}

/** What a configuration says to logdial, as it stands there. */
export function extensionsIn(text: string): Readonly<Record<string, unknown>> {
  return saidIn(parseConfigText(text));
}

function onOneLine(value: unknown): string {
  return visible(typeof value === "object" ? JSON.stringify(value) : String(value)).trim();
}

/** Our section of a `.conf`. */
function sectionIn(table: IniTable): IniTable[number] | undefined {
  return table.find(([name]) => name === EXTENSIONS);
}

/** What is in our section, as it stands there. Options of `[DEFAULT]` are not said to logdial. */
function saidIn(parsed: ParsedConfig): Readonly<Record<string, unknown>> {
  if (parsed.kind === "ini") {
    const [, , options = []] = sectionIn(parsed.table) ?? [];
    return Object.fromEntries(options.map(({ key, value }) => [key, value]));
  }
  if (!Object.hasOwn(parsed.dict, EXTENSIONS)) return {};
  const found = (parsed.dict as Record<string, unknown>)[EXTENSIONS];
  if (typeof found === "object" && found !== null && !Array.isArray(found)) {
    return found as Record<string, unknown>;
  }
  throw new ConfigError(`Cannot read "${EXTENSIONS}": it must be an object`, { key: EXTENSIONS });
}

function placeIn(parsed: ParsedConfig): (key: string) => ConfigErrorOptions {
  if (parsed.kind === "dict") return (key) => ({ section: EXTENSIONS, key });
  const [, , options = []] = sectionIn(parsed.table) ?? [];
  return (key) => ({
    section: EXTENSIONS,
    key,
    line: options.find((option) => option.key === key)?.line,
  });
}

/** Names of sections, or of the keys that take their place. */
function partsOf(parsed: ParsedConfig): string[] {
  return parsed.kind === "ini" ? parsed.table.map(([name]) => name) : Object.keys(parsed.dict);
}

/** The parts that Python reads: these are not compared with our name. */
const PYTHONS =
  /^(?:version|root|(?:logger|handler|formatter|filter)s|(?:logger|handler|formatter)_.*)$/;

/**
 * Refuses a part that is nearly called like ours; other unknown parts may be meant for other
 * programs.
 */
function checkSpelling(parsed: ParsedConfig): void {
  const name = partsOf(parsed).find((name) =>
    !PYTHONS.test(name) && nearest(name, [EXTENSIONS], 1) !== undefined
  );
  if (name === undefined) return;
  throw new ConfigError(`Cannot use ${excerpt(name)}: ${didYouMean(EXTENSIONS)}`, {
    ...parsed.kind === "ini" ? { section: name } : { key: name },
  });
}

/** Refuses a configuration beside a command, since it would be passed over. */
function checkAlone(parsed: ParsedConfig, command: string): void {
  const other = partsOf(parsed).find((name) => name !== EXTENSIONS);
  if (other === undefined) return;
  throw new ConfigError(`Cannot run command "${command}": "${other}" stands beside it`, {
    key: EXTENSIONS,
  });
}
