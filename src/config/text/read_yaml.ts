import { ConfigError } from "../../core/errors/config_error.ts";
import { codePoints } from "../../core/text/code_points.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { findTooDeep, MOST_DEPTH } from "./find_too_deep.ts";
import { parseJson } from "./parse_json.ts";

/** Values beyond which nobody has written them: aliases of aliases grow fast. */
const MOST_VALUES = 100_000;

/** Comments before a dict, such as the reason why `get` prints none as a `.conf`. */
const COMMENTS = /^(?:[ \t]*#[^\n]*\n)+(?=\s*\{)/;

/** Keys whose values are true or false. */
const TRUTHS = new Set([
  "disable_existing_loggers",
  "incremental",
  "propagate",
  "validate",
  "escape",
  "delay",
  "utc",
  "rfc5424",
  "secure",
  "flushOnClose",
  "respect_handler_level",
  // These are arguments of formatters.
  "colors",
  "source",
  "use_colors",
  "no_color",
  "force_color",
  "reset",
  "timestamp",
  "json_ensure_ascii",
  "exc_info_as_array",
  "stack_info_as_array",
  "rename_fields_keep_missing",
]);

/** What Python's YAML takes for true and false beside these words themselves: YAML 1.1. */
const WORDS = new Map([["yes", true], ["on", true], ["no", false], ["off", false]]);

/**
 * What is in a file as listeners read it: INI or JSON, and so JSON for YAML.
 *
 * @throws {ConfigError} It is not what the file's name says.
 */
export async function readNamedText(name: string, text: string): Promise<string> {
  if (isYamlName(name)) return await yamlToJson(text);
  // Others are JSON if they begin like it, and JSON has no comments; lines keep their numbers.
  const plain = text.replace(COMMENTS, (comments) => comments.replace(/[^\n]/g, ""));
  if (/\.json$/i.test(name)) requireObject(parseJson(plain));
  return plain;
}

function requireObject(value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new ConfigError('Cannot read JSON: it must be an object, like {"version": 1}', { line: 1 });
}

/** Whether a file is YAML by its name. */
function isYamlName(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** The dict of a YAML file as JSON. */
async function yamlToJson(text: string): Promise<string> {
  const parse = await loadParser();
  const value = parseYaml(text, parse);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError("Cannot read YAML: it must be a dict, like version: 1", { line: 1 });
  }
  const json = toJson(value);
  if (findTooDeep(json, MOST_DEPTH) !== undefined) throw tooDeep();
  return json;
}

function tooDeep(cause?: unknown): ConfigError {
  return new ConfigError(`Cannot read YAML: it nests deeper than ${MOST_DEPTH} levels`, { cause });
}

type Parse = (text: string) => unknown;

async function loadParser(): Promise<Parse> {
  try {
    // Imported only here, since few programs read YAML.
    return (await import("@std/yaml")).parse;
  } catch (error) {
    const reason = reasonOf(error);
    throw new ConfigError(`Cannot read YAML: @std/yaml cannot be loaded: ${reason}`);
  }
}

function parseYaml(text: string, parse: Parse): unknown {
  refuseTabs(text);
  try {
    return parse(text);
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw tooDeep(error);
    const said = reasonOf(error);
    const [, reason = said, line, column] = /^(.*?) at line (\d+), column (-?\d+)/s.exec(said) ??
      [];
    const place = line === undefined ? {} : withinText(text, Number(line), Number(column));
    const way = wayOut(text.split("\n")[Number(line) - 1] ?? "");
    throw new ConfigError(`Cannot read YAML: ${reason}${way}`, { ...place, cause: error });
  }
}

/** As Python's parser does, while `@std/yaml` takes what is indented by tabs for something else. */
function refuseTabs(text: string): void {
  if (/^\s*\{/.test(text)) return;
  const line = text.split("\n").findIndex((line) => /^ *\t\s*[\w"'-][^#]*:(?:\s|$)/.test(line));
  if (line < 0) return;
  throw new ConfigError("Cannot read YAML: a tab may not indent a line, use blanks", {
    line: line + 1,
    column: 1,
  });
}

/** What to do where a text without quotes is taken for something of YAML's own, as formats often are. */
function wayOut(line: string): string {
  const text = line.replace(/^\s*(?:- +)*(?:<<:.*|[^:]*: +)?/, "");
  if (/^(?:[%@`*&|>]|![^!]|[?-] |[[{].*[\]}]\s*[^\s#,\]}])/.test(text)) {
    return `, a text that begins with "${text[0]}" stands in quotes`;
  }
  return /^[^"'[{#]*: /.test(text) ? ', a text that has ": " in it stands in quotes' : "";
}

/**
 * The place of a mistake; in a text that ends too early, it is behind the last word and not on the
 * empty line below.
 */
function withinText(text: string, line: number, column: number): { line: number; column: number } {
  const lines = text.trimEnd().split("\n");
  // For a doubled key `@std/yaml` counts back from where its value ends, maybe to before the line.
  if (column < 1) return { line, column: lines[line - 1]!.search(/\S/) + 1 };
  const inLine = line <= lines.length ? lines[line - 1]!.slice(0, column - 1) : lines.at(-1)!;
  return { line: Math.min(line, lines.length), column: codePoints(inLine) + 1 };
}

function toJson(value: object): string {
  let values = 0;
  try {
    return JSON.stringify(value, (key, item: unknown) => {
      if (++values > MOST_VALUES) {
        throw new ConfigError(`Cannot read YAML: it has more than ${MOST_VALUES} values`);
      }
      if (typeof item === "number" && !Number.isFinite(item)) {
        throw new ConfigError(`Cannot use ${item} as "${key}": JSON has no such number`, { key });
      }
      const truth = TRUTHS.has(key) && typeof item === "string"
        ? WORDS.get(item.toLowerCase())
        : undefined;
      return truth ?? item;
    }, 2);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(error);
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError("Cannot read YAML: a part of it is in itself", { cause: error });
  }
}
