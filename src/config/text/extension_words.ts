import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { quote } from "../../core/errors/quote.ts";
import { suggestOrList } from "../../core/errors/suggest.ts";
import { visible } from "../../core/text/visible.ts";
import { parseDuration } from "../spec/duration.ts";
import { excerpt } from "../spec/excerpt.ts";
import { readOpenSetting } from "../spec/open_setting.ts";
import { readMatch, readSample, readWhere } from "../spec/scope_setting.ts";
import { readRecordLevels, readRecordSize } from "../spec/recording_spec.ts";
import { asBoolean, asJson, splitNames } from "../spec/text_values.ts";

/** Most lines that a change may be given. */
export const MOST_LINES = 1_000_000_000;

/** Reads the value of a word; a value that does not fit is a `RangeError` with the rule. */
type Read = (value: unknown) => unknown;

/** Whom a frame is for, if not for all threads of the process. */
export interface Aim {
  /** Threads of that name; `*` stands for any text. */
  readonly name?: string;
  /** Threads of that program, of those that have different ones; `*` stands for any text. */
  readonly app?: string;
  /** The thread that listens there. */
  readonly port?: number;
}

/** Longest label or reason that is shown, and longest `id`. */
const MAX_SHOWN = 100, MAX_ID = 64;
/** Longest text for names of threads and programs: as long as the longest name that is told of one. */
const MAX_AIM = 1000;

/** Words that go with a change and with every command: who sends what to whom. */
const COMMON_WORDS: Readonly<Record<string, Read>> = {
  label: readShown,
  by: readShown,
  reason: readShown,
  id: readId,
  to: readAim,
  wait: readDuration,
};

/** Words that go with a change, and with the commands that try or prepare one. */
const CHANGE_WORDS: Readonly<Record<string, Read>> = {
  ...COMMON_WORDS,
  expires: readDuration,
  lines: readLines,
  forever: readBoolean,
  where: readWhere,
  sample: readSample,
  match: readMatch,
  open: readOpenSetting,
  record: readRecordLevels,
  record_size: (value) => readRecordSize(value),
};

/** Words of a whole configuration; `get` prints `disabled` for loggers that are. */
const CONFIG_WORDS: Readonly<Record<string, Read>> = { ...CHANGE_WORDS, disabled: readNames };

/** The parameters of each command, and whether it has to do with a configuration. */
export const COMMANDS: Readonly<
  Record<string, { parameters: readonly string[]; isChange?: true }>
> = {
  get: { parameters: [] },
  history: { parameters: [] },
  reset: { parameters: [] },
  rollback: { parameters: ["steps", "ids"] },
  scope: { parameters: ["config"], isChange: true },
  check: { parameters: ["config"], isChange: true },
  prepare: { parameters: ["config", "transaction"], isChange: true },
  commit: { parameters: ["transaction"] },
  abort: { parameters: ["transaction"] },
  tail: { parameters: ["level", "logger"] },
  dump: { parameters: ["level", "logger", "last", "where"] },
  loggers: { parameters: [] },
  why: { parameters: ["logger", "level"] },
};

/** All words that a configuration may say to logdial. */
export const EXTENSION_WORDS: readonly string[] = [...Object.keys(CONFIG_WORDS), "command"];

/**
 * Reads what a frame or a configuration says to logdial, word by word; what belongs to a
 * command is left as it is.
 *
 * @throws {ConfigError} An unknown word, one that is not supported, or a value that does not fit.
 */
export function readWords(
  said: Readonly<Record<string, unknown>>,
  place: (key: string) => ConfigErrorOptions,
): Record<string, unknown> {
  const { words, parameters } = expectedWords(said, place);
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(said)) {
    if (parameters.includes(key)) {
      read[key] = value;
      continue;
    }
    if (!Object.hasOwn(words, key)) {
      throw new ConfigError(whyNot(key, [...Object.keys(words), ...parameters]), place(key));
    }
    try {
      read[key] = words[key]!(value);
    } catch (error) {
      const reason = `Cannot use ${key} ${show(value)}: ${reasonOf(error)}`;
      throw new ConfigError(reason, { ...place(key), cause: error });
    }
  }
  return read;
}

function expectedWords(
  said: Readonly<Record<string, unknown>>,
  place: (key: string) => ConfigErrorOptions,
): { words: Readonly<Record<string, Read>>; parameters: readonly string[] } {
  if (!Object.hasOwn(said, "command")) return { words: CONFIG_WORDS, parameters: [] };
  const { command } = said;
  if (typeof command === "string" && Object.hasOwn(COMMANDS, command)) {
    const { parameters, isChange } = COMMANDS[command]!;
    return {
      words: isChange ? CHANGE_WORDS : COMMON_WORDS,
      parameters: ["command", ...parameters],
    };
  }
  const reason = typeof command === "string"
    ? `it is unknown, ${suggestOrList(command, Object.keys(COMMANDS))}`
    : "it must be a text";
  throw new ConfigError(`Cannot run command ${show(command)}: ${reason}`, place("command"));
}

function whyNot(key: string, known: readonly string[]): string {
  if (EXTENSION_WORDS.includes(key)) return `Cannot use ${excerpt(key)}: not with this command`;
  return `Cannot use ${excerpt(key)}: it is unknown, ${suggestOrList(key, known)}`;
}

/**
 * Reads a text that other people's terminals and logs will show: what cannot be seen is escaped,
 * and a long text is cut.
 */
function readShown(value: unknown): string {
  if (typeof value !== "string") throw new RangeError("it must be a text");
  return visible(value.trim().slice(0, MAX_SHOWN)).slice(0, MAX_SHOWN);
}

function readId(value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= MAX_ID) return value;
  throw new RangeError(`it must be a text of 1 to ${MAX_ID} characters`);
}

/** Reads `to`, which a `.conf` has as JSON. */
function readAim(value: unknown): Aim {
  const said = typeof value === "string" ? asJson(value) : value;
  if (typeof said !== "object" || said === null || Array.isArray(said)) {
    throw new RangeError('it must be an object like {"name": "Worker*", "port": 9001}');
  }
  const { name, app, port, ...rest } = said as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw new RangeError(
      `${excerpt(unknown)} is unknown, ${suggestOrList(unknown, ["name", "app", "port"])}`,
    );
  }
  const patterns = {
    ...name === undefined ? {} : { name: readPattern("name", name, 1) },
    ...app === undefined ? {} : { app: readPattern("app", app, 0) },
  };
  const isPort = typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (port !== undefined && !isPort) throw new RangeError("its port must be from 1 to 65535");
  return { ...patterns, ...port === undefined ? {} : { port } };
}

function readPattern(what: string, value: unknown, least: number): string {
  if (typeof value === "string" && value.length >= least && value.length <= MAX_AIM) return value;
  throw new RangeError(`its ${what} must be a text of ${least} to ${MAX_AIM} characters`);
}

function readDuration(value: unknown): number {
  if (typeof value !== "string" && typeof value !== "number") {
    throw new RangeError("it must be a duration like 90s, 10m or 1h30m");
  }
  return parseDuration(String(value));
}

function readLines(value: unknown): number {
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number) && number as number >= 1 && number as number <= MOST_LINES) {
    return number as number;
  }
  throw new RangeError(`it must be a whole number, 1 to ${MOST_LINES}`);
}

function readBoolean(value: unknown): boolean {
  const isTrue = asBoolean(value);
  if (isTrue === undefined) throw new RangeError("it must be true or false");
  return isTrue;
}

function readNames(value: unknown): readonly string[] {
  const names: unknown = typeof value === "string" ? splitNames(value) : value;
  const isList = Array.isArray(names) && names.every((one) => typeof one === "string");
  if (!isList) throw new RangeError("it must be a list of names");
  return names;
}

function show(value: unknown): string {
  return typeof value === "string" ? excerpt(value) : quote(value);
}
