import { ConfigError } from "../core/errors.ts";
import { parseDuration } from "./duration.ts";
import { IniDocument } from "./ini.ts";

/** Section of a `.conf`, and key of a dict, that is ours and that CPython passes over. */
export const EXTENSIONS = "logdial";

/** What a configuration says to logdial only. */
export interface Extensions {
  /** What the sender calls the configuration, for `status` and the audit. */
  readonly label?: string;
  /** After how many milliseconds it is taken back. */
  readonly expires?: number;
  /** Whether the sender wants to go beyond what the operator's policy would cap. */
  readonly forever?: boolean;
  /** A command, for a payload that is not a configuration. */
  readonly command?: string;
  /** What goes with the command. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Longest label that is shown. */
const MAX_LABEL = 100;

/**
 * Reads `[logdial]` of a `.conf`, or `"logdial"` of a JSON dict.
 *
 * @throws {ConfigError} The text is not a configuration, or a value has the wrong shape.
 */
export function readExtensions(text: string): Extensions {
  const found = isDict(text) ? dictExtensions(text) : iniExtensions(text);
  const { label, expires, forever, command } = found;
  return {
    ...typeof label === "string" && label !== "" ? { label: printable(label) } : {},
    ...expires === undefined ? {} : { expires: readDuration(expires) },
    ...forever === undefined ? {} : { forever: forever === true || forever === "true" },
    ...typeof command === "string" ? { command, parameters: found } : {},
  };
}

/** The configuration with extensions in it; those that it has itself win. */
export function withExtensions(text: string, added: Readonly<Record<string, unknown>>): string {
  if (isDict(text)) {
    const dict = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify({ ...dict, [EXTENSIONS]: { ...added, ...dictExtensions(text) } });
  }
  const own = iniExtensions(text);
  const lines = Object.entries(added).filter(([key]) => !Object.hasOwn(own, key)).map(
    ([key, value]) => `${key} = ${printable(String(value))}`,
  );
  if (lines.length === 0) return text;
  if (IniDocument.parse(text).get(EXTENSIONS) === undefined) lines.unshift(`[${EXTENSIONS}]`);
  else return insertAfterHeader(text, lines);
  return `${text.trimEnd()}\n\n${lines.join("\n")}\n`;
}

function insertAfterHeader(text: string, lines: readonly string[]): string {
  const { line } = IniDocument.parse(text).get(EXTENSIONS)!;
  const all = text.split("\n");
  return [...all.slice(0, line), ...lines, ...all.slice(line)].join("\n");
}

function isDict(text: string): boolean {
  return text.trimStart().startsWith("{");
}

function iniExtensions(text: string): Readonly<Record<string, unknown>> {
  const section = IniDocument.parse(text).get(EXTENSIONS);
  if (section === undefined) return {};
  return Object.fromEntries([...section.entries()].map(({ key, value }) => [key, value]));
}

function dictExtensions(text: string): Readonly<Record<string, unknown>> {
  let dict: unknown;
  try {
    dict = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot read the JSON: ${reason}`, { cause: error });
  }
  if (typeof dict !== "object" || dict === null || !Object.hasOwn(dict, EXTENSIONS)) return {};
  const found = (dict as Record<string, unknown>)[EXTENSIONS];
  if (typeof found === "object" && found !== null) return found as Record<string, unknown>;
  throw new ConfigError(`Cannot read "${EXTENSIONS}": it must be an object`, { key: EXTENSIONS });
}

function readDuration(value: unknown): number {
  try {
    return parseDuration(String(value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(reason, { section: EXTENSIONS, key: "expires", cause: error });
  }
}

/** A label goes to other people's terminals: no control characters, not without end. */
function printable(label: string): string {
  // deno-lint-ignore no-control-regex
  return label.replace(/[\x00-\x1f\x7f-\x9f]/g, "?").trim().slice(0, MAX_LABEL);
}
