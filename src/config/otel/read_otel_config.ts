import { ConfigError } from "../../core/errors/config_error.ts";
import { ABOVE_ALL } from "../../core/levels/above_all.ts";
import { quote } from "../../core/errors/quote.ts";
import { suggestOrList } from "../../core/errors/suggest.ts";
import { SEVERITY_WORDS, severityLevel } from "../../core/levels/severity.ts";
import { fitsPattern } from "../../core/text/fits_pattern.ts";
import { excerpt } from "../spec/excerpt.ts";
import {
  EXTENSIONS,
  type IncrementalSpec,
  type LevelPattern,
  type LevelSpec,
  type Place,
} from "../spec/config_spec.ts";
import { readOpenOfDict } from "../spec/open_setting.ts";
import { readRecording } from "../spec/recording_spec.ts";

/** The part of an OpenTelemetry configuration that is for us; it is a draft, hence its name. */
export const CONFIGURATOR = "logger_configurator/development";
const PROVIDER = "logger_provider";
/** Level of a logger without `minimum_severity`: below the levels of all records. */
const ALL = 1;
/** Most loggers of one configuration. */
const MAX_LOGGERS = 1000;
/** Longest pattern. */
const MAX_PATTERN = 1000;

/** Whether a dict is a configuration of OpenTelemetry's SDKs: these need `file_format`. */
export function isOtelConfig(dict: object): boolean {
  return !Object.hasOwn(dict, "version") &&
    (Object.hasOwn(dict, "file_format") || Object.hasOwn(dict, PROVIDER));
}

/**
 * Reads which loggers log from OpenTelemetry's declarative configuration, as a change of levels;
 * the rest of it, such as exporters, is for OpenTelemetry's SDKs.
 *
 * For each logger's name, the first entry that fits it counts. In OpenTelemetry a level counts for
 * the named logger only; here it counts for the loggers below too, unless they have a level of
 * their own, and `app.*` means `app` as well. `default_config` is the root's.
 *
 * @throws {ConfigError} It says nothing of loggers, or something unknown.
 */
export function readOtelConfig(dict: object): IncrementalSpec {
  const provider = part(dict, PROVIDER, PROVIDER);
  const path = `${PROVIDER}.${CONFIGURATOR}`;
  const { default_config: byDefault, loggers = [] } = known(
    part(provider, CONFIGURATOR, path),
    path,
    ["default_config", "loggers"],
  );
  if (!Array.isArray(loggers) || loggers.length > MAX_LOGGERS) {
    const rule = `loggers must be a list of ${MAX_LOGGERS} at most`;
    throw new ConfigError(`Cannot read the loggers: ${rule}`, { section: path, key: "loggers" });
  }
  const entries = loggers.map((one, at) => readEntry(one, `${path}.loggers[${at}]`));
  const rootEntry = entries.find(({ pattern }) => pattern === "*" || pattern === "root");
  const root = byDefault === undefined || byDefault === null
    ? rootEntry
    : { ...entryOf("root", byDefault, `${path}.default_config`) };
  const said = extensionsOf(dict);
  const place = (key: string) => ({ section: EXTENSIONS, key });
  return {
    incremental: true,
    handlers: [],
    loggers: namedLoggers(entries),
    root: root && { ...root, name: "root" },
    // A change of levels opens handlers, unless it says otherwise.
    open: readOpenOfDict(said.open, place("open")) ?? true,
    recording: readRecording((key) => said[key], place),
    patterns: entries.map(({ pattern, level }) => ({ pattern, level })),
  };
}

/** An entry of the configuration's list of loggers. */
interface Entry extends LevelPattern, LevelSpec {
  readonly level: number;
}

/** Whether a logger's name fits; `app.*` means `app` as well. */
export function fits(name: string, pattern: string): boolean {
  return fitsPattern(name, pattern, "?") || (baseOf(pattern) === name);
}

/** The loggers of entries without patterns: loggers below them inherit their levels. */
function namedLoggers(entries: readonly Entry[]): IncrementalSpec["loggers"] {
  const named = new Map<string, Entry>();
  for (const entry of entries) {
    const name = baseOf(entry.pattern) ?? entry.pattern;
    if (name === "root" || /[*?]/.test(name) || named.has(name)) continue;
    const first = entries.find(({ pattern }) => fits(name, pattern))!;
    named.set(name, first);
  }
  return [...named].map(([name, { level, place }]) => ({
    name,
    level,
    place,
    propagate: undefined,
  }));
}

/** The logger whose children are meant, undefined for another pattern. */
function baseOf(pattern: string): string | undefined {
  const base = pattern.endsWith(".*") ? pattern.slice(0, -2) : "";
  return base === "" || /[*?]/.test(base) ? undefined : base;
}

function readEntry(value: unknown, path: string): Entry {
  const { name, config } = known(value, path, ["name", "config"]);
  const isName = typeof name === "string" && name !== "" && name.length <= MAX_PATTERN;
  if (!isName) {
    throw new ConfigError(
      `Cannot use name ${quote(name)}: it must be a text of 1 to ${MAX_PATTERN} characters`,
      { section: path, key: "name" },
    );
  }
  return entryOf(name, config, `${path}.config`);
}

function entryOf(name: string, config: unknown, path: string): Entry {
  const place: Place = (key) => ({ section: path, ...key === undefined ? {} : { key } });
  const { enabled, minimum_severity: severity, trace_based: traceBased } = known(config, path, [
    "enabled",
    "minimum_severity",
    "trace_based",
  ]);
  checkSwitch("enabled", enabled, place);
  checkSwitch("trace_based", traceBased, place);
  if (traceBased) {
    throw new ConfigError(
      `Cannot use trace_based of logger ${excerpt(name)}: a level does not depend on traces`,
      place("trace_based"),
    );
  }
  const level = readSeverity(severity, place);
  return { name, pattern: name, level: enabled === false ? ABOVE_ALL : level, place };
}

/** Checks a switch; as in OpenTelemetry, null counts as nothing. */
function checkSwitch(key: string, value: unknown, place: Place): void {
  if (value === undefined || value === null || typeof value === "boolean") return;
  throw new ConfigError(`Cannot use ${key} ${quote(value)}: it must be true or false`, place(key));
}

function readSeverity(value: unknown, place: Place): number {
  if (value === undefined || value === null) return ALL;
  const level = typeof value === "string" ? severityLevel(value) : undefined;
  if (level !== undefined) return level;
  throw new ConfigError(
    `Cannot use minimum_severity ${quote(value)}: it must be one of ` +
      `${SEVERITY_WORDS.join(", ")}, with 2, 3 or 4 behind it or without`,
    place("minimum_severity"),
  );
}

function extensionsOf(dict: object): Readonly<Record<string, unknown>> {
  const extensions = (dict as Record<string, unknown>)[EXTENSIONS];
  const isObject = typeof extensions === "object" && extensions !== null;
  return isObject ? extensions as Record<string, unknown> : {};
}

function part(holder: object, key: string, path: string): object {
  const value = Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError(
    "Cannot take levels from the OpenTelemetry configuration: " +
      `it needs an object ${PROVIDER}.${CONFIGURATOR}`,
    { section: path },
  );
}

/** Returns a value that has to be an object with no other keys than these. */
function known<Key extends string>(
  value: unknown,
  path: string,
  keys: readonly Key[],
): Readonly<Partial<Record<Key, unknown>>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const rule = `it must be an object with ${keys.join(", ")}`;
    throw new ConfigError(`Cannot read ${quote(value)}: ${rule}`, { section: path });
  }
  for (const key of Object.keys(value)) {
    if ((keys as readonly string[]).includes(key)) continue;
    const reason = `Cannot use ${excerpt(key)}: it is unknown, ${suggestOrList(key, keys)}`;
    throw new ConfigError(reason, { section: path, key });
  }
  return value as Partial<Record<Key, unknown>>;
}
