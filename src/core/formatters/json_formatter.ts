import { checkOptions, isWholeNumber, type OptionRules } from "../errors/check_options.ts";
import { compileFormat } from "../format/compile_format.ts";
import { plainJson } from "../format/json_value.ts";
import { freeName, JSON_LIMITS, type JsonLimits, JsonWriter } from "../format/json_writer.ts";
import { extraNames, hasExtra } from "../records/record_extras.ts";
import { RECORD_FIELDS } from "../records/record_fields.ts";
import { fieldsOf, type LogRecord, type RecordFields, resolveLazy } from "../records/log_record.ts";
import type { Fields, SharedFields } from "../records/shared_fields.ts";
import { heard } from "../values/on_rejection.ts";
import { visibleJson } from "../text/visible.ts";
import { isError, readOrTell, thrownText } from "../values/thrown.ts";
import {
  Formatter,
  FORMATTER_OPTION_RULES,
  type FormatterOptions,
  type Style,
} from "./formatter.ts";
import { headMembers, keptMembers, timeMember } from "./json_head.ts";
import {
  JSON_PRESETS,
  type JsonLayout,
  ownLayout,
  presetLayout,
  usualLayout,
} from "./json_layout.ts";
import { bareFields, messageOf, partialMessage, trailingFields } from "./json_message.ts";

/**
 * Options of {@linkcode JsonFormatter}.
 *
 * @example
 * ```ts
 * import { JsonFormatter, type JsonFormatterOptions } from "@logdial/logging";
 *
 * const options: JsonFormatterOptions = { preset: "ecs", depth: 4 };
 * const formatter = new JsonFormatter(null, null, "%", true, options);
 * ```
 */
export interface JsonFormatterOptions extends FormatterOptions {
  /** Names, order and values of the head as pino, ECS, Google Cloud or OpenTelemetry have them. */
  preset?: "pino" | "ecs" | "gcp" | "otel";
  /**
   * The head of the line, which stands before the fields: names in their order, each with one of
   * `time` `time_ms` `time_ns` `level` `level_lower` `levelno` `level_pino` `level_gcp`
   * `level_otel` `logger` `scope` (the logger as OpenTelemetry has it) `message` `process` `thread`,
   * or a text with `=` before it. `error` and `stack` give other names to the error and the stack at
   * the end. In a `.conf` or a text it is `ts=time lvl=level msg=message`.
   */
  head?: Readonly<Record<string, string>> | string;
  /** Nesting beyond which a value reads `[too deep]`. @default 20 */
  depth?: number;
  /** Items and properties of a line beyond which it says `[7 more]`. @default 100000 */
  size?: number;
}

/**
 * One line of JSON per record: time, level, logger and message, then `extra` and the fields of
 * context, bound logger and call, then an error with its stack and causes.
 *
 * Known as `class=logdial.JsonFormatter`. Fields that a format names, such as
 * `%(module)s %(lineno)d %(user)s`, stand first under their names: those of the record or the call,
 * else their `defaults`, else null. `datefmt` has no meaning here.
 * No value makes it throw, and nothing is left out in silence but members that are undefined, as
 * by `JSON.stringify`: arguments that the message has no place for stand under `args`, what does
 * not fit it is named under `format_error`, and a value that cannot be read or is too much says so
 * (`[throws: …]`, `[7 more]`).
 *
 * @example
 * ```ts
 * import { getLogger, JsonFormatter, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler();
 * handler.setFormatter(new JsonFormatter());
 * getLogger().addHandler(handler);
 * getLogger().warning("slow query", { table: "users", ms: 1200 });
 * // {"time":"2026-11-22T08:01:02.345Z","level":"WARNING","logger":"root","message":"slow query","table":"users","ms":1200}
 * ```
 */
export class JsonFormatter extends Formatter {
  /** Whose head the lines have; undefined for our own, or that of `head`. */
  readonly preset: JsonFormatterOptions["preset"];
  /** The head of the lines as it was given; undefined for that of `preset`, or our own. */
  readonly head: JsonFormatterOptions["head"];
  /** Nesting beyond which a value reads `[too deep]`; undefined for the default. */
  readonly depth: number | undefined;
  /** Items and properties of a line beyond which they are counted; undefined for the default. */
  readonly size: number | undefined;
  readonly #added: readonly Added[];
  readonly #defaults: object;
  readonly #layout: JsonLayout;
  readonly #limits: JsonLimits;
  /** Whether each line is written piece by piece. */
  readonly #isSpecial: boolean;
  readonly #isTaken: (name: string) => boolean;

  /**
   * Takes what {@linkcode Formatter} takes, and more options.
   *
   * @throws {TypeError} An unknown option or preset, or a value of another type.
   * @throws {RangeError} An unknown part of the head, or a number that is out of range.
   */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    validate = true,
    options: JsonFormatterOptions = {},
  ) {
    checkOptions("JsonFormatter", options, OPTION_RULES);
    const { preset, head, depth, size, ...rest } = options;
    super(fmt, datefmt, style, validate, rest);
    this.preset = preset;
    this.head = head;
    this.depth = depth;
    this.size = size;
    this.#layout = head !== undefined
      ? ownLayout(head, preset)
      : preset === undefined
      ? usualLayout()
      : presetLayout(preset);
    const { keys, nest } = this.#layout;
    const isUsual = head === undefined && preset === undefined;
    this.#isTaken = isUsual ? isLineKey : (name) => keys.has(name);
    this.#limits = { ...JSON_LIMITS, ...(depth && { depth }), ...(size && { size }) };
    const named = fmt ? compileFormat(fmt, style, validate).fields : [];
    const { ends } = this.#layout;
    // What the line has anyway, wherever it stands there.
    const given = new Set(["asctime", "levelname", "name", "message", "fields"]);
    given.add(ends.error).add(ends.stack);
    const taken = new Set(keys);
    this.#added = [...named].filter((name) => !given.has(name)).map((name) => {
      const key = freeName(name, taken);
      return { name, key, before: `,${JSON.stringify(key)}:` };
    });
    this.#defaults = Object.assign(Object.create(null), rest.defaults);
    const isBound = depth !== undefined || size !== undefined;
    this.#isSpecial = isBound || nest !== undefined || this.#added.length > 0;
  }

  /** The record's line. */
  override format(record: LogRecord): string {
    let line: string;
    try {
      line = this.#line(record);
    } catch (error) {
      line = brokenLine(record, error);
    }
    return this.escape ? visibleJson(line) : line;
  }

  /** The line by the quick way: most lines have only a head and fields of plain data. */
  #line(record: LogRecord): string {
    resolveLazy(record);
    const trailing = bareFields(record) ?? trailingFields(record);
    const head = this.#head(record, trailing);
    const sources = fieldsOf(record);
    const names = hasExtra(record) ? this.#extraNames(record) : NO_NAMES;
    const isPlain = head !== undefined && names.length === 0 && !this.#isSpecial &&
      (trailing === undefined || sources.own === undefined);
    if (!isPlain) return this.#fullLine(record, head, trailing, sources, names);
    const own = sources.own ?? trailing;
    const { context, bound } = sources;
    let line = head;
    if (context !== undefined || bound !== undefined) {
      const shared = this.#sharedMembers(context, bound, own);
      if (shared === undefined) return this.#fullLine(record, head, trailing, sources, names);
      line += shared;
    }
    const more = this.#layout.end(record);
    if (own === undefined) return `${line}${more}}`;
    const members = plainJson(own, this.#isTaken);
    if (members === undefined) return this.#fullLine(record, head, trailing, sources, names);
    if (members === "{}") return `${line}${more}}`;
    // The closing brace of the fields' object ends the line.
    return more === "" ? `${line},${members.slice(1)}` : `${line},${members.slice(1, -1)}${more}}`;
  }

  /**
   * The line's beginning; sets the record's merged message. Undefined if the arguments do not all
   * fit the message.
   */
  #head(record: LogRecord, trailing: object | undefined): string | undefined {
    const { begin } = this.#layout;
    const isAlone = record.args.length <= (trailing === undefined ? 0 : 1);
    const kept = begin === undefined && isAlone ? keptMembers(record) : undefined;
    if (kept !== undefined) {
      noteMessage(record, record.msg as string);
      return timeMember(record.created) + kept;
    }
    const isBare = trailing !== undefined && trailing === record.msg && isAlone;
    const message = isBare ? "" : messageOf(record, trailing);
    if (message === undefined) return undefined;
    noteMessage(record, message);
    return this.#begin(record, message);
  }

  #begin(record: LogRecord, message: string): string {
    const { begin } = this.#layout;
    return begin === undefined
      ? timeMember(record.created) + headMembers(record, message)
      : begin(record, message);
  }

  /** As {@linkcode #head}, for arguments that do not all fit: with those left over, and the reason. */
  #partialHead(record: LogRecord, trailing: object | undefined, writer: JsonWriter): string {
    const { text, args, problem } = partialMessage(record, trailing);
    noteMessage(record, text);
    let head = this.#begin(record, text);
    const { partial } = this.#layout;
    if (args.length > 0) head += `,"${partial.args}":${writer.write(args)}`;
    return problem === undefined ? head : `${head},"${partial.problem}":${writer.write(problem)}`;
  }

  /**
   * The JSON of the fields of a context and of a bound logger, which is kept with them; undefined if
   * they are no plain data, or if two have the same name.
   */
  #sharedMembers(
    context: SharedFields | undefined,
    bound: SharedFields | undefined,
    own: Fields | undefined,
  ): string | undefined {
    let text = "";
    if (context !== undefined) {
      if (bound !== undefined && hasAny(context.names, bound.values)) return undefined;
      if (own !== undefined && hasAny(context.names, own)) return undefined;
      const members = this.#keptJson(context);
      if (members === undefined) return undefined;
      text = members;
    }
    if (bound === undefined) return text;
    if (own !== undefined && hasAny(bound.names, own)) return undefined;
    const members = this.#keptJson(bound);
    return members === undefined ? undefined : text + members;
  }

  /** The JSON of fields; kept with them for the layout for which it was made. */
  #keptJson(fields: SharedFields): string | undefined {
    const { kept } = fields;
    if (kept !== undefined && kept.by === this.#layout) return kept.text;
    const json = plainJson(fields.values, this.#isTaken);
    const text = json === undefined || json === "{}" ? json && "" : `,${json.slice(1, -1)}`;
    if (fields.isFixed) fields.kept = { by: this.#layout, text };
    return text;
  }

  #fullLine(
    record: LogRecord,
    head: string | undefined,
    trailing: Fields | undefined,
    sources: RecordFields,
    names: readonly string[],
  ): string {
    const writer = new JsonWriter(this.#limits);
    const { keys, nest, ends, partial, end } = this.#layout;
    const taken = new Set(keys);
    const { exc_info, exc_text, stack_info } = record;
    // If there is no error, its name is free for a field.
    if (!exc_info && !exc_text) taken.delete(ends.error);
    if (!stack_info) taken.delete(ends.stack);
    if (head === undefined) taken.add(partial.args).add(partial.problem);
    for (const { key } of this.#added) taken.add(key);
    const line = head ?? this.#partialHead(record, trailing, writer);
    let fields = mergedFields(sources, trailing), error = exc_info;
    let members = "";
    for (const { name, before } of this.#added) {
      const isOwn = RECORD_FIELDS.has(name) || Object.hasOwn(record, name);
      const isField = !isOwn && fields !== undefined && hasName(fields, name);
      const holder = isOwn ? record : isField ? fields! : this.#defaults;
      members += before + writer.write(readField(holder, name));
      if (isField) fields = without(fields!, name);
    }
    const extra = writer.members(names, record, taken, readField);
    if (extra !== "") members += `,${extra}`;
    // An error in the field with the name of the line's error becomes the line's error.
    const field = taken.has(ends.error) ? undefined : fields && readOrTell(fields, ends.error);
    if (isError(field)) {
      error = field;
      fields = without(fields!, ends.error);
    }
    const inner = fields === undefined ? "" : fieldMembers(writer, fields, taken);
    if (inner !== "") members += `,${inner}`;
    members += end({ exc_info: error, exc_text, stack_info });
    if (nest === undefined) return `${line}${members}}`;
    return members === "" ? `${line}}` : `${line},${JSON.stringify(nest)}:{${members.slice(1)}}}`;
  }

  /** Names of what the program has added to the record, without those that the format names. */
  #extraNames(record: LogRecord): string[] {
    return extraNames(record).filter((name) => !this.#added.some((one) => one.name === name));
  }
}

const OPTION_RULES: OptionRules<JsonFormatterOptions> = {
  ...FORMATTER_OPTION_RULES,
  preset: (value) =>
    typeof value === "string" && JSON_PRESETS.includes(value)
      ? undefined
      : `one of ${JSON_PRESETS.join(", ")}`,
  head: (value) =>
    typeof value === "string" || isTexts(value)
      ? undefined
      : "an object of names and parts, each a text, or one text",
  depth: isWholeNumber(1, 100),
  size: isWholeNumber(1, 10_000_000),
};

function isTexts(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === "string");
}

/** A field that the format names. */
interface Added {
  readonly name: string;
  readonly key: string;
  /** The text before its value in the line. */
  readonly before: string;
}

const NO_NAMES: readonly string[] = [];

/** Whether the usual line has a key of that name; a `switch` costs a tenth of a set. */
function isLineKey(name: string): boolean {
  switch (name) {
    case "time":
    case "level":
    case "logger":
    case "message":
    case "error":
    case "stack":
      return true;
  }
  return false;
}

function hasAny(names: readonly string[], fields: Fields): boolean {
  for (let at = 0; at < names.length; at++) if (Object.hasOwn(fields, names[at]!)) return true;
  return false;
}

/** Whether there is a field of that name; a proxy may not tell. */
function hasName(fields: Fields, name: string): boolean {
  try {
    return Object.hasOwn(fields, name);
  } catch {
    return false;
  }
}

/** All fields in one object: those of the call count before bound ones, these before a context's. */
function mergedFields(
  { context, bound, own }: RecordFields,
  trailing: Fields | undefined,
): Fields | undefined {
  const all = [context?.values, bound?.values, trailing, own].filter((one) => one !== undefined);
  if (all.length < 2) return all[0];
  const merged: Record<string, unknown> = Object.create(null);
  for (const fields of all) {
    for (const name of Object.keys(fields)) merged[name] = readField(fields, name);
  }
  return merged;
}

/** The fields without one of them. */
function without(fields: Fields, name: string): Fields {
  const rest: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(fields)) if (key !== name) rest[key] = readField(fields, key);
  return rest;
}

function fieldMembers(writer: JsonWriter, fields: object, taken: Set<string>): string {
  try {
    return writer.members(Object.keys(fields), fields, taken, readField);
  } catch (error) {
    // A proxy may not tell its keys.
    return writer.members(["fields"], { fields: `[throws: ${thrownText(error)}]` }, taken);
  }
}

/** The value, or the error that its getter threw. */
function readField(holder: object, name: string): unknown {
  try {
    const value = (holder as Record<string, unknown>)[name];
    return typeof value === "object" ? heard(holder, name, value) : value;
  } catch (error) {
    return error;
  }
}

/** Notes the merged message on the record, as `Formatter.format` does, unless the record is frozen. */
function noteMessage(record: LogRecord, message: string): void {
  try {
    record.message = message;
  } catch {
    // The record is frozen; the line has the message all the same.
  }
}

/** The line for something that is no record, or whose fields cannot be read. */
function brokenLine(record: LogRecord, error: unknown): string {
  const writer = new JsonWriter();
  const part = (name: string) => writer.write(readOrTell(record, name));
  const head = `{"time":${JSON.stringify(new Date().toISOString())},"level":${part("levelname")}`;
  const problem = writer.write(thrownText(error));
  return `${head},"logger":${part("name")},"message":${part("msg")},"args":${part("args")},` +
    `"format_error":${problem}}`;
}
