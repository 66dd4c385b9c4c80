import { Formatter, type FormatterOptions, type Style } from "../../core/formatters/formatter.ts";
import { messageOf, partialMessage, trailingFields } from "../../core/formatters/json_message.ts";
import { jsonOf } from "../../core/format/json_value.ts";
import { freeName } from "../../core/format/json_writer.ts";
import { isDict, pyRepr } from "../../core/python/py_repr.ts";
import { addFields } from "../../core/records/add_fields.ts";
import { fieldsOf, type LogRecord } from "../../core/records/log_record.ts";
import { readOrTell } from "../../core/values/thrown.ts";
import { requireDict } from "./require_dict.ts";

type Dict = Readonly<Record<string, unknown>>;

/** The attributes of Python's records, in their order. */
const ATTRIBUTES: readonly string[] = [
  ..."name msg args levelname levelno pathname filename module exc_info exc_text".split(" "),
  ..."stack_info lineno funcName created msecs relativeCreated thread threadName".split(" "),
  ..."processName process taskName".split(" "),
];

/** The attributes of a record that formatters set. */
const ADDED: readonly string[] = ["message", "asctime"];

/** How each style names a field. */
const FIELDS: Readonly<Record<string, RegExp>> = {
  "%": /%\((.+?)\)/g,
  "{": /\{(.+?)\}/g,
  "$": /\$(?:\$|\{(.+?)\}|([_a-z][_a-z0-9]*))/gi,
};

/**
 * Takes the place of `pythonjsonlogger.json.JsonFormatter`: one line of JSON for each record, with
 * the fields that the format names and those that the program adds.
 *
 * As in logdial's own `JsonFormatter`, the keys of a plain object behind the message are fields, and
 * so are those of a bound logger and of a context; a field whose name is taken gets a `_`.
 */
export class PythonJsonFormatter extends Formatter {
  readonly #named: readonly string[];
  readonly #prefix: string;
  readonly #rename: Dict;
  readonly #keepsMissing: boolean;
  readonly #static: Dict;
  readonly #reserved: ReadonlySet<string>;
  /** The attributes that are neither named nor reserved. */
  readonly #shown: readonly string[];
  readonly #timestamp: string | undefined;
  readonly #defaults: Dict;
  readonly #errorAsLines: boolean;
  readonly #stackAsLines: boolean;
  readonly #indent: string | undefined;
  readonly #isAscii: boolean;
  readonly #serialize: ((data: unknown) => unknown) | undefined;

  /** Takes the arguments of python-json-logger's formatter, in their order. */
  constructor(
    fmt?: string | readonly string[] | null,
    datefmt?: string | null,
    style: Style | "," = "%",
    validate = true,
    prefix?: string | null,
    rename_fields?: Dict | null,
    rename_fields_keep_missing = false,
    static_fields?: Dict | null,
    reserved_attrs?: readonly string[] | null,
    timestamp: boolean | string | null = false,
    defaults?: FormatterOptions["defaults"] | null,
    exc_info_as_array = false,
    stack_info_as_array = false,
    json_indent?: number | string | null,
    json_ensure_ascii = true,
    json_serializer?: ((data: unknown) => unknown) | null,
  ) {
    const isList = Array.isArray(fmt) || style === ",";
    super(isList ? undefined : fmt as string, datefmt, isList ? "%" : style as Style, validate);
    this.#named = readNames(fmt, style);
    this.#prefix = prefix ?? "";
    this.#rename = requireDict("rename_fields", rename_fields ?? {});
    this.#keepsMissing = rename_fields_keep_missing;
    this.#static = requireDict("static_fields", static_fields ?? {});
    // By default they are shown only where the format names them.
    const reserved: unknown = reserved_attrs ?? [...ATTRIBUTES, ...ADDED];
    if (!Array.isArray(reserved)) {
      throw new TypeError(
        `Cannot use reserved_attrs ${pyRepr(reserved)}: it must be a list of names`,
      );
    }
    this.#reserved = new Set([...this.#named, ...reserved as string[]]);
    this.#shown = ATTRIBUTES.filter((name) => !this.#reserved.has(name));
    this.#timestamp = timestamp === true ? "timestamp" : timestamp || undefined;
    this.#defaults = requireDict("defaults", defaults ?? {});
    this.#errorAsLines = exc_info_as_array;
    this.#stackAsLines = stack_info_as_array;
    this.#indent = typeof json_indent === "number"
      ? " ".repeat(Math.max(0, json_indent))
      : json_indent ?? undefined;
    this.#isAscii = json_ensure_ascii;
    this.#serialize = json_serializer ?? undefined;
  }

  /** The record's line. */
  override format(record: LogRecord): string {
    const data = this.#dataOf(record);
    if (this.#serialize !== undefined) {
      return this.#prefix + String(this.#serialize(Object.fromEntries(data)));
    }
    const text = dump(data, this.#indent);
    return this.#prefix + (this.#isAscii ? text.replace(/[\x7f-\uffff]/g, escapeUnit) : text);
  }

  #dataOf(record: LogRecord): Map<string, unknown> {
    const data = new Map<string, unknown>();
    const put = (name: string, value: unknown) => data.set(this.#renamed(name), value);
    const said = this.#messageOf(record);
    for (const [name, value] of Object.entries(this.#defaults)) put(name, value);
    if (this.#named.includes("asctime")) {
      record.asctime = this.formatTime(record, this.datefmt);
    }
    const fields = fieldsOfCall(record);
    for (const name of this.#named) {
      put(name, isAttribute(record, name) ? readOrTell(record, name) : fields.get(name));
    }
    for (const [name, value] of Object.entries(this.#static)) put(name, value);
    for (const [name, value] of said) put(name, value);
    for (const name of this.#shown) put(name, readOrTell(record, name));
    for (const name of Object.keys(record)) {
      if (this.#reserved.has(name) || name.startsWith("_") || ATTRIBUTES.includes(name)) continue;
      const value = readOrTell(record, name);
      if (value !== undefined || !ADDED.includes(name)) put(name, value);
    }
    const taken = new Set([
      ...data.keys(),
      ...this.#timestamp === undefined ? [] : [this.#timestamp],
    ]);
    for (const [name, value] of fields) {
      if (value === undefined || this.#named.includes(name) && !isAttribute(record, name)) continue;
      data.set(freeName(this.#renamed(name), taken), value);
    }
    if (this.#timestamp !== undefined) put(this.#timestamp, isoTime(record.created));
    if (this.#keepsMissing) {
      for (const name of Object.values(this.#rename)) {
        if (!data.has(String(name))) data.set(String(name), null);
      }
    }
    return data;
  }

  /** Sets the record's `message`; gives the fields from message, arguments, error and stack. */
  #messageOf(record: LogRecord): Map<string, unknown> {
    const { msg } = record;
    const said = new Map<string, unknown>();
    if (isDict(msg)) {
      for (const [name, value] of Object.entries(msg)) said.set(name, value);
      record.message = "";
    } else {
      const fields = trailingFields(record);
      const message = messageOf(record, fields);
      if (message !== undefined) record.message = message;
      else {
        const { text, args, problem } = partialMessage(record, fields);
        record.message = text;
        if (args.length > 0) said.set("args", args);
        if (problem !== undefined) said.set("format_error", problem);
      }
      for (const name of Object.keys(fields ?? {})) said.set(name, readOrTell(fields!, name));
    }
    if (record.exc_info && !said.get("exc_info")) {
      said.set("exc_info", inLines(this.formatException(record.exc_info), this.#errorAsLines));
    }
    if (!said.get("exc_info") && record.exc_text) said.set("exc_info", record.exc_text);
    if (record.stack_info && !said.get("stack_info")) {
      said.set("stack_info", inLines(this.formatStack(record.stack_info), this.#stackAsLines));
    }
    return said;
  }

  #renamed(name: string): string {
    return Object.hasOwn(this.#rename, name) ? String(this.#rename[name]) : name;
  }
}

/** The fields of the context, the bound logger and the call; of one name the last one counts. */
function fieldsOfCall(record: LogRecord): Map<string, unknown> {
  const all = new Map<string, unknown>();
  const { context, bound, own } = fieldsOf(record);
  for (const fields of [context?.values, bound?.values, own]) {
    if (fields !== undefined) addFields(all, fields);
  }
  return all;
}

/** Whether a record has something by that name itself. */
function isAttribute(record: LogRecord, name: string): boolean {
  return name in record && !(name in Object.prototype);
}

function readNames(fmt: string | readonly string[] | null | undefined, style: string): string[] {
  if (fmt !== null && typeof fmt === "object") return fmt.map(String);
  if (style === ",") return (fmt ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  const format = fmt || { "%": "%(message)s", "{": "{message}", $: "${message}" }[style] || "";
  return [...format.matchAll(FIELDS[style]!)].map(([, one, other]) => one ?? other)
    .filter((name) => name !== undefined);
}

function inLines(text: string, asLines: boolean): string | string[] {
  return asLines ? text.split(/\r\n|[\n\r]/) : text;
}

/** Python's `datetime.isoformat` in UTC. */
function isoTime(created: number): string {
  const milliseconds = Math.round(created * 1000);
  const [second] = new Date(milliseconds).toISOString().split(".");
  const rest = milliseconds - Math.floor(milliseconds / 1000) * 1000;
  return `${second}${rest === 0 ? "" : `.${String(rest).padStart(3, "0")}000`}+00:00`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** JSON with Python's blanks; values that JSON has no form for get one as in logdial's own. */
function dump(data: ReadonlyMap<string, unknown>, indent: string | undefined): string {
  const members = [...data].map(([name, value]): [string, unknown] => [
    name,
    JSON.parse(jsonOf(value)),
  ]);
  return dumpMembers(members, indent, indent ?? "");
}

function dumpValue(value: unknown, indent: string | undefined, inset: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = inset + (indent ?? "");
  if (!Array.isArray(value)) return dumpMembers(Object.entries(value), indent, inner);
  return dumpBlock("[]", value.map((item) => dumpValue(item, indent, inner)), indent, inner);
}

function dumpMembers(
  members: readonly (readonly [string, unknown])[],
  indent: string | undefined,
  inner: string,
): string {
  const lines = members.map(([name, value]) =>
    `${JSON.stringify(name)}: ${dumpValue(value, indent, inner)}`
  );
  return dumpBlock("{}", lines, indent, inner);
}

/** Items in brackets, each in a line of its own if there is an indent. */
function dumpBlock(
  brackets: string,
  items: readonly string[],
  indent: string | undefined,
  inner: string,
): string {
  const [open, close] = brackets;
  if (items.length === 0) return brackets;
  if (indent === undefined) return `${open}${items.join(", ")}${close}`;
  const outer = inner.slice(0, inner.length - indent.length);
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${outer}${close}`;
}
