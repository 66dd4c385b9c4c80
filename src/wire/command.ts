import {
  parseConfigText,
  type ParsedConfig,
  readParsedConfig,
} from "../config/text/config_text.ts";
import {
  checkBounds,
  checkLoggerName,
  checkParsed,
  checkText,
} from "../config/text/wire_bounds.ts";
import { EXTENSIONS, type Extensions, readExtensions } from "../config/text/extensions.ts";
import type { ConfigSpec } from "../config/spec/config_spec.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { parseDuration } from "../config/spec/duration.ts";
import { readFields } from "../config/spec/scope_setting.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { Recent } from "../core/text/recent.ts";

export type { Aim } from "../config/text/extensions.ts";

/** What a frame asks of a thread. */
export type Command =
  /** Apply a configuration. */
  | { readonly kind: "change"; readonly text: string }
  /** Say what a configuration would change, and change nothing. */
  | { readonly kind: "check"; readonly text: string }
  /** Build a configuration and hold it ready. */
  | { readonly kind: "prepare"; readonly text: string; readonly transaction: string }
  /** Put what is held ready in force, or throw it away. */
  | { readonly kind: "commit"; readonly transaction: string }
  | { readonly kind: "abort"; readonly transaction: string }
  /** Tell the running configuration. */
  | { readonly kind: "get" }
  /** Tell the loggers that there are. */
  | { readonly kind: "loggers" }
  /** Tell what would become of a record. */
  | { readonly kind: "why"; readonly logger: string; readonly level: string | number }
  /** Tell the changes of the past. */
  | { readonly kind: "history" }
  /** Go back to what the program had set up. */
  | { readonly kind: "reset" }
  /** Take back the last changes. */
  | { readonly kind: "rollback"; readonly steps: number; readonly ids?: readonly string[] };

/** Asks for a tail: records from `level` on, of `logger` and the loggers below it. */
export interface TailRequest {
  readonly kind: "tail";
  /** Level number. */
  readonly level: number;
  /** Name of a logger, empty for all. */
  readonly logger: string;
}

/** Asks for a dump: the records that the recorders of the process hold. */
export interface DumpRequest {
  readonly kind: "dump";
  /** Lowest level number. */
  readonly level: number;
  /** Name of a logger, empty for all. */
  readonly logger: string;
  /** Longest time between a record and the newest of its thread, in milliseconds; undefined for any. */
  readonly last: number | undefined;
  /** Texts that stand under dotted paths of a record. */
  readonly where: readonly (readonly [path: string, value: string])[];
}

/** A request that is answered by lines; the hub carries it out, and not a thread. */
export type LinesRequest = TailRequest | DumpRequest;

/** A command with what else the frame says. */
export interface ParsedFrame {
  readonly command: Command | LinesRequest;
  readonly extensions: Extensions;
  /** The parsed text of a change, as JSON; undefined for long texts. */
  readonly parsed?: string;
}

/** Longest text that goes to the thread in parsed form as well, which is about twice as long. */
const MAX_PARSED = 65_536;

/** Most changes that one frame may take back. */
const MAX_IDS = 64;

/**
 * Frames that were read lately, since the same text comes again: a sender gives it to one port after
 * the other, and an operator sends the same few files.
 */
const FRAMES = new Recent<ParsedFrame>(8, 1 << 20);

/**
 * Reads the text of a frame: a configuration, or a JSON object whose `logdial.command`
 * names a command.
 *
 * @throws {ConfigError} It is neither.
 */
export function readFrameText(text: string): ParsedFrame {
  return FRAMES.get(text, (text) => {
    checkText(text);
    return parseFrame(text, checkStructure, checkParsed);
  });
}

/**
 * As {@linkcode readFrameText}, for a file of the program's own, which may hold whatever the program
 * could pass to `dictConfig` or `fileConfig`.
 *
 * @throws {ConfigError} It is neither.
 */
export function readFileText(text: string): ParsedFrame {
  return parseFrame(text, readStructure);
}

function parseFrame(
  text: string,
  readSpec: (parsed: ParsedConfig) => ConfigSpec,
  look?: (parsed: ParsedConfig) => void,
): ParsedFrame {
  const parsed = parseConfigText(text);
  look?.(parsed);
  const extensions = readExtensions(parsed);
  const { command: name, parameters = {} } = extensions;
  if (name !== undefined) {
    const command = readCommand(name, parameters);
    return { command, extensions: withInner(command, extensions) };
  }
  readSpec(parsed);
  if (extensions.where ?? extensions.sample ?? extensions.match) {
    throw new ConfigError(
      "Cannot narrow a configuration to some log calls: send it by the command scope",
      { section: EXTENSIONS },
    );
  }
  const travels = text.length <= MAX_PARSED ? parsedText(parsed) : undefined;
  return {
    command: { kind: "change", text },
    extensions,
    ...travels === undefined ? {} : { parsed: travels },
  };
}

/** A parsed configuration as JSON; undefined if JSON has no form for it, as for 1e400. */
function parsedText(parsed: ParsedConfig): string | undefined {
  let isWhole = true;
  const text = JSON.stringify(parsed, (_key, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) isWhole = false;
    return value;
  });
  return isWhole ? text : undefined;
}

/** The words to logdial of a command, with those of a configuration inside it, such as `expires`. */
function withInner(command: Command | LinesRequest, outer: Extensions): Extensions {
  return "text" in command ? { ...readExtensions(parseConfigText(command.text)), ...outer } : outer;
}

function readCommand(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): Command | LinesRequest {
  switch (name) {
    case "get":
    case "history":
    case "loggers":
    case "reset":
      return { kind: name };
    case "why": {
      const { level } = parameters;
      const isLevel = typeof level === "string" || Number.isInteger(level);
      if (!isLevel) {
        throw new ConfigError("Cannot tell why: level must be a level", { key: "level" });
      }
      // Here the root may be named, as `root`.
      const logger = readLoggerName(readText("logger", parameters.logger, Infinity));
      const isNamed = typeof level === "string";
      return { kind: name, logger, level: isNamed ? readText("level", level) : level as number };
    }
    case "rollback": {
      const ids = parameters.ids === undefined ? {} : { ids: readIds(parameters.ids) };
      // A sender that names the changes need not count them.
      const { steps = ids.ids && 1 } = parameters;
      return { kind: name, steps: readSteps(steps), ...ids };
    }
    case "scope":
      return { kind: "change", text: readScoped(parameters.config) };
    case "check":
      return { kind: name, text: readConfiguration(parameters.config).text };
    case "prepare": {
      const { text } = readConfiguration(parameters.config);
      return { kind: name, text, transaction: readText("transaction", parameters.transaction) };
    }
    case "commit":
    case "abort":
      return { kind: name, transaction: readText("transaction", parameters.transaction) };
    case "tail":
      return { kind: name, ...readSelection(name, parameters) };
    case "dump": {
      const { last, where } = parameters;
      return {
        kind: name,
        ...readSelection(name, parameters),
        last: last === undefined
          ? undefined
          : readNarrowing("last", () => parseDuration(String(last))),
        where: where === undefined ? [] : readNarrowing("where", () => readFields(where)),
      };
    }
  }
  throw new ConfigError(`Cannot run command "${name}": it is unknown`, { key: "command" });
}

/** Reads the level and the logger of the records that are wanted. */
function readSelection(
  what: string,
  { level = 0, logger = "" }: Readonly<Record<string, unknown>>,
): { level: number; logger: string } {
  if (typeof level !== "number" || !Number.isInteger(level)) {
    throw new ConfigError(`Cannot ${what}: level must be a whole number`, { key: "level" });
  }
  return { level, logger: readLoggerName(logger) };
}

/** Reads, by `read`, what narrows a dump; an error names the key. */
function readNarrowing<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ConfigError(`Cannot dump by ${key}: ${reasonOf(cause)}`, { key, cause });
  }
}

function readSteps(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new ConfigError("Cannot roll back: steps must be a whole number above 0", { key: "steps" });
}

/** Reads the ids of changes, from a sender that has asked several processes for theirs. */
function readIds(value: unknown): string[] {
  const isList = Array.isArray(value) && value.length <= MAX_IDS &&
    value.every((id) => typeof id === "string" && id.length <= MAX_WORD);
  if (isList) return value;
  throw new ConfigError(`Cannot roll back: ids must be a list of at most ${MAX_IDS} texts`, {
    key: "ids",
  });
}

/** A configuration inside a command. */
interface Inner {
  readonly text: string;
  readonly parsed: ParsedConfig;
  readonly spec: ConfigSpec;
}

function readConfiguration(value: unknown): Inner {
  const text = readText("config", value, Infinity);
  checkText(text);
  const parsed = parseConfigText(text);
  checkParsed(parsed);
  return { text, parsed, spec: checkStructure(parsed) };
}

/** A change for some log calls, in a command so that listeners which know no scopes reject it. */
function readScoped(value: unknown): string {
  const { text, parsed, spec } = readConfiguration(value);
  const { where, sample, match } = readExtensions(parsed);
  if (spec.incremental && (where ?? sample ?? match) !== undefined) return text;
  throw new ConfigError(
    "Cannot scope: it must be a change of levels that says where, sample or match",
    { key: "config" },
  );
}

/** Longest text that goes with a command, in characters, since threads keep such texts and tell them. */
const MAX_WORD = 100;

function readText(key: string, value: unknown, longest = MAX_WORD): string {
  if (typeof value !== "string" || value === "") {
    throw new ConfigError(`Cannot run the command: ${key} must be a text`, { key });
  }
  if (value.length <= longest) return value;
  throw new ConfigError(
    `Cannot run the command: ${key} must have ${longest} characters at most`,
    { key },
  );
}

function readLoggerName(value: unknown): string {
  if (value === "") return "";
  const name = readText("logger", value, Infinity);
  checkLoggerName(name);
  return name;
}

/** Checks a configuration, also by the bounds of what comes over the wire. */
function checkStructure(parsed: ParsedConfig): ConfigSpec {
  const spec = readStructure(parsed);
  checkBounds(spec);
  return spec;
}

/** Reads a configuration whose names only the thread knows: here every name counts as known. */
function readStructure(parsed: ParsedConfig): ConfigSpec {
  return readParsedConfig(parsed, () => ({ value: undefined }));
}
