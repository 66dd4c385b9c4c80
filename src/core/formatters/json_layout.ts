import { suggestOrList } from "../errors/suggest.ts";
import { jsonOf } from "../format/json_value.ts";
import { cutText, freeName } from "../format/json_writer.ts";
import { DEBUG, ERROR, INFO, WARNING } from "../levels/levels.ts";
import { quietStr } from "../python/py_repr.ts";
import type { LogRecord } from "../records/log_record.ts";
import { isError, readOrTell, thrownText } from "../values/thrown.ts";
import { errorText } from "./error_text.ts";
import { quoted, timeMember } from "./json_head.ts";

/** A form of lines that a well-known receiver wants. */
export type JsonPreset = "pino" | "ecs" | "gcp" | "otel";

/** The names and the order of what stands before the fields of a line, and where an error goes. */
export interface JsonLayout {
  /** Names that are taken, so that a field of the same name gets a `_` behind it. */
  readonly keys: ReadonlySet<string>;
  /** The line up to the fields, undefined for the one that needs no layout. */
  readonly begin: ((record: LogRecord, message: string) => string) | undefined;
  /** Name of the object that holds the fields, undefined if they stand in the line itself. */
  readonly nest: string | undefined;
  /** Names under which the line has an error and a stack, which are free where there is none. */
  readonly ends: { readonly error: string; readonly stack: string };
  /** Names under which it has the arguments that its message did not take, and why. */
  readonly partial: { readonly args: string; readonly problem: string };
  /**
   * The members for an error and a stack, each with a comma before it. A record that was made from
   * another host's has the error's text only.
   */
  readonly end: (record: Pick<LogRecord, "exc_info" | "exc_text" | "stack_info">) => string;
}

type Part = (record: LogRecord, message: string) => string;

/** The parts that a head may have, each as JSON. */
const PARTS: Readonly<Record<string, Part>> = {
  time: ({ created }) => timeMember(created).slice('{"time":'.length),
  time_ms: ({ created }) => jsonOf(Math.round(created * 1000)),
  // A number cannot hold so many digits exactly: so it is a text, as in OpenTelemetry.
  time_ns: ({ created }) => jsonOf(`${Math.round(created * 1000)}000000`),
  level: ({ levelname }) => quoted(levelname),
  level_lower: ({ levelname }) => quoted(String(levelname).toLowerCase()),
  levelno: ({ levelno }) => jsonOf(levelno),
  level_pino: ({ levelno }) => jsonOf(levelno + 10),
  level_gcp: ({ levelno }) => quoted(gcpSeverity(levelno)),
  level_otel: ({ levelno }) => jsonOf(otelSeverity(levelno)),
  logger: ({ name }) => quoted(name),
  scope: ({ name }) => `{"name":${quoted(name)}}`,
  message: (_record, message) => JSON.stringify(cutText(message)),
  process: ({ process }) => jsonOf(process),
  thread: ({ processName }) => quoted(processName),
};

const ENDS = ["error", "stack"];

interface Preset {
  readonly head: Readonly<Record<string, string>>;
  readonly nest?: string;
  readonly errorMembers?: (error: unknown, key: string, more: readonly string[]) => string;
  /** The members for an error of which only the text is known; as for an error where it is missing. */
  readonly textMembers?: (text: unknown, key: string) => string;
  /** The names that an error's members have beside `error`. */
  readonly errorKeys?: readonly string[];
}

const PRESETS: Readonly<Record<JsonPreset, Preset>> = {
  pino: {
    head: {
      level: "level_pino",
      time: "time_ms",
      pid: "process",
      name: "logger",
      msg: "message",
      err: "error",
    },
  },
  ecs: {
    head: {
      "@timestamp": "time",
      "log.level": "level_lower",
      message: "message",
      "ecs.version": "=8.10.0",
      "log.logger": "logger",
      "process.thread.name": "thread",
      error: "error",
    },
    errorMembers: (error, key) =>
      `,${jsonOf(key)}:${
        jsonOf({ type: typeOf(error), message: messageOf(error), stack_trace: errorText(error) })
      }`,
    textMembers: (text, key) => `,${jsonOf(key)}:${jsonOf({ stack_trace: text })}`,
  },
  gcp: {
    head: {
      severity: "level_gcp",
      time: "time",
      message: "message",
      logger: "logger",
      error: "error",
    },
    // Error Reporting looks for a stack's text, and nowhere else.
    errorMembers: (error, key, [trace]) =>
      `,${jsonOf(key)}:${jsonOf(error)},${jsonOf(trace)}:${jsonOf(stackOf(error))}`,
    errorKeys: ["stack_trace"],
  },
  otel: {
    head: {
      Timestamp: "time_ns",
      SeverityText: "level",
      SeverityNumber: "level_otel",
      Body: "message",
      InstrumentationScope: "scope",
    },
    nest: "Attributes",
    errorMembers: (error) =>
      `,"exception.type":${jsonOf(typeOf(error))},"exception.message":${
        jsonOf(messageOf(error))
      },"exception.stacktrace":${jsonOf(errorText(error))}`,
    textMembers: (text) => `,"exception.stacktrace":${jsonOf(text)}`,
    errorKeys: ["exception.type", "exception.message", "exception.stacktrace"],
  },
};

/** Names of the presets. */
export const JSON_PRESETS: readonly string[] = Object.keys(PRESETS);

let usual: JsonLayout | undefined;

/** Time, level, logger and message, then fields, error and stack. */
export function usualLayout(): JsonLayout {
  const head = { time: "time", level: "level", logger: "logger", message: "message" };
  return usual ??= { ...makeLayout({ head }), begin: undefined };
}

const known = new Map<string, JsonLayout>();

/** The layout of a preset; formatters share it, and what is kept for it. */
export function presetLayout(name: JsonPreset): JsonLayout {
  let layout = known.get(name);
  if (layout === undefined) known.set(name, layout = makeLayout(PRESETS[name]));
  return layout;
}

/**
 * A layout of the program's own: what stands under which name.
 *
 * @throws {RangeError} An unknown part.
 */
export function ownLayout(
  head: string | Readonly<Record<string, string>>,
  preset?: JsonPreset,
): JsonLayout {
  const names = typeof head === "string" ? parseHead(head) : head;
  const key = JSON.stringify([names, preset]);
  let layout = known.get(key);
  if (layout === undefined) {
    layout = makeLayout({ ...preset && PRESETS[preset], head: names });
    if (known.size < MOST_KNOWN) known.set(key, layout);
  }
  return layout;
}

const MOST_KNOWN = 100;

function makeLayout(preset: Preset): JsonLayout {
  const { head, errorMembers, textMembers } = preset;
  const parts: [before: string, part: Part][] = [];
  // A usual name that the head gives to something else gets a `_`, as a field of that name does.
  const taken = new Set(Object.keys(head));
  const ends = { error: freeName("error", taken), stack: freeName("stack", taken) };
  const partial = { args: freeName("args", taken), problem: freeName("format_error", taken) };
  const nest = preset.nest && freeName(preset.nest, taken);
  const errorKeys = (preset.errorKeys ?? []).map((key) => nest ? key : freeName(key, taken));
  for (const [key, what] of Object.entries(head)) {
    if (what === "error" || what === "stack") ends[what] = key;
    else parts.push([`${parts.length === 0 ? "{" : ","}${JSON.stringify(key)}:`, partOf(what)]);
  }
  if (parts.length === 0) throw new RangeError("Cannot write JSON without a head: name its parts");
  const writeError = (error: unknown, key: string) =>
    errorMembers?.(error, key, errorKeys) ?? `,${JSON.stringify(key)}:${jsonOf(error)}`;
  const keys = new Set([...Object.keys(head), ends.error, ends.stack, ...errorKeys]);
  if (nest !== undefined) keys.add(nest);
  return {
    keys,
    nest,
    ends,
    partial,
    begin: (record, message) => {
      let text = "";
      for (const [before, part] of parts) text += before + part(record, message);
      return text;
    },
    end: ({ exc_info, exc_text, stack_info }) => {
      let error = "";
      if (exc_info) error = writeError(exc_info, ends.error);
      else if (exc_text) error = (textMembers ?? writeError)(exc_text, ends.error);
      return stack_info ? `${error},${JSON.stringify(ends.stack)}:${jsonOf(stack_info)}` : error;
    },
  };
}

function partOf(what: string): Part {
  if (what.startsWith("=")) {
    const text = JSON.stringify(what.slice(1));
    return () => text;
  }
  const part = Object.hasOwn(PARTS, what) ? PARTS[what] : undefined;
  if (part !== undefined) return part;
  const names = [...Object.keys(PARTS), ...ENDS];
  throw new RangeError(
    `Cannot write "${what}" into the head of JSON: ${suggestOrList(what, names)}`,
  );
}

/** `ts=time lvl=level`, as a `.conf` has it: a name, and what stands under it. */
function parseHead(text: string): Record<string, string> {
  const head: Record<string, string> = {};
  for (const item of text.split(/[\s,]+/)) {
    if (item === "") continue;
    const at = item.indexOf("=");
    // A part alone stands under its own name.
    if (at < 0) head[item] = item;
    else head[item.slice(0, at)] = item.slice(at + 1);
  }
  return head;
}

function gcpSeverity(levelno: number): string {
  if (levelno > ERROR) return "CRITICAL";
  if (levelno >= ERROR) return "ERROR";
  if (levelno >= WARNING) return "WARNING";
  return levelno >= INFO ? "INFO" : "DEBUG";
}

/** 1 to 24, four to each of TRACE, DEBUG, INFO, WARN, ERROR and FATAL. */
function otelSeverity(levelno: number): number {
  if (levelno > ERROR) return 21;
  if (levelno >= ERROR) return 17;
  if (levelno >= WARNING) return 13;
  if (levelno >= INFO) return 9;
  return levelno >= DEBUG ? 5 : 1;
}

function typeOf(error: unknown): unknown {
  return isError(error) ? readOrTell(error, "name") : typeof error;
}

function messageOf(error: unknown): unknown {
  return isError(error) ? readOrTell(error, "message") : quietStr(error);
}

function stackOf(error: unknown): unknown {
  return (isError(error) ? readOrTell(error, "stack") : quietStr(error)) ?? thrownText(error);
}
