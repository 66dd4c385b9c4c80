import { compileFormat } from "../format/format_style.ts";
import { flat } from "../text/flat.ts";
import { jsonOf, plainJson } from "../format/json_value.ts";
import { cutText, freeName, JsonWriter } from "../format/json_writer.ts";
import { Recent } from "../text/recent.ts";
import { visibleJson } from "../text/visible.ts";
import { threeDigits } from "../format/time_format.ts";
import { Formatter, type FormatterOptions, type Style } from "./formatter.ts";
import { messageOf, partialMessage, trailingFields } from "./json_message.ts";
import { LogRecord } from "../records/log_record.ts";
import { readOrTell, thrownText } from "../values/thrown.ts";

/** Own properties of every record in their order, so not fields of the program. */
const RECORD_KEYS = Object.keys(new LogRecord("", 0, "", 0, ""));
const FIRST_KEY = RECORD_KEYS[0], LAST_KEY = RECORD_KEYS.at(-1);

const QUOTED = new Recent<string>(256);

/**
 * One line of JSON per record: time, level, logger and message, then the fields of a
 * trailing plain object or of `extra`, then an error with its stack and causes.
 *
 * Known as `class=logdial.JsonFormatter`. Record fields that a format names, such as
 * `%(module)s %(lineno)d`, are added under their names; `datefmt` has no meaning here.
 * No value makes it throw, and nothing is left out in silence: arguments that the message has
 * no place for stand under `args`, what does not fit it is named under `format_error`, and a
 * value that cannot be read or is too much says so (`[throws: …]`, `[7 more]`).
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
  readonly #added: readonly Added[];

  /** Takes what {@linkcode Formatter} takes. */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    validate = true,
    options: FormatterOptions = {},
  ) {
    super(fmt, datefmt, style, validate, options);
    const named = fmt ? compileFormat(fmt, style, validate).fields : [];
    const given = new Set(["asctime", "levelname", "name", "message"]);
    const taken = new Set(LINE_KEYS);
    this.#added = [...named].filter((name) => !given.has(name)).map((name) => {
      const key = freeName(name, taken);
      return { name, key, before: `,${JSON.stringify(key)}:` };
    });
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

  /** Most lines have nothing but a head and fields of plain data. */
  #line(record: LogRecord): string {
    const fields = trailingFields(record);
    const head = headMembers(record, fields);
    const names = hasExtra(record) ? this.#extraNames(record) : NO_NAMES;
    if (head === undefined || this.#added.length > 0 || names.length > 0) {
      return this.#fullLine(record, fields, head, names);
    }
    const line = timeMember(record.created) + head;
    const more = moreMembers(record);
    if (fields === undefined) return `${line}${more}}`;
    const members = plainJson(fields, isLineKey);
    if (members === undefined) return this.#fullLine(record, fields, head, names);
    if (members === "{}") return `${line}${more}}`;
    // Its own brace ends the line.
    return more === "" ? `${line},${members.slice(1)}` : `${line},${members.slice(1, -1)}${more}}`;
  }

  #fullLine(
    record: LogRecord,
    fields: object | undefined,
    head: string | undefined,
    names: readonly string[],
  ): string {
    let line = timeMember(record.created) + (head ?? partialMembers(record, fields));
    for (const { name, before } of this.#added) line += before + jsonOf(readField(record, name));
    const isAlone = head !== undefined && fields === undefined && this.#added.length === 0;
    if (!isAlone || hasLineKey(names)) {
      line += this.#members(record, fields, names, head === undefined);
    } else for (const name of names) line += `,${quoted(name)}:${jsonOf(readField(record, name))}`;
    return `${line}${moreMembers(record)}}`;
  }

  /** What the program has added to the record, but for what the format names. */
  #extraNames(record: LogRecord): string[] {
    const names: string[] = [];
    for (const name of Object.keys(record)) {
      if (!RECORD_KEYS.includes(name) && !this.#isAdded(name)) names.push(name);
    }
    return names;
  }

  #isAdded(name: string): boolean {
    for (const one of this.#added) if (one.name === name) return true;
    return false;
  }

  /** What the program has added to the record, then the fields, under names that all differ. */
  #members(
    record: LogRecord,
    fields: object | undefined,
    names: readonly string[],
    isPartial: boolean,
  ): string {
    const writer = new JsonWriter();
    const taken = new Set(LINE_KEYS);
    if (isPartial) { for (const key of PARTIAL_KEYS) taken.add(key); }
    for (const { key } of this.#added) taken.add(key);
    let members = "";
    if (names.length > 0) members += `,${writer.members(names, record, taken, readField)}`;
    if (fields === undefined) return members;
    const inner = fieldMembers(writer, fields, taken);
    return inner === "" ? members : `${members},${inner}`;
  }
}

/** A field that the format names. */
interface Added {
  readonly name: string;
  readonly key: string;
  /** What stands before its value in the line. */
  readonly before: string;
}

/** Keys of the line itself; a field of the same name gets a `_` behind it. */
const LINE_KEYS = ["time", "level", "logger", "message", "error", "stack"];
/** Keys of a line whose message did not take all arguments. */
const PARTIAL_KEYS = ["args", "format_error"];
const NO_NAMES: readonly string[] = [];

/** As `LINE_KEYS`, at a tenth of the cost. */
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

function hasLineKey(names: readonly string[]): boolean {
  for (const name of names) if (isLineKey(name)) return true;
  return false;
}

function fieldMembers(writer: JsonWriter, fields: object, taken: Set<string>): string {
  try {
    return writer.members(Object.keys(fields), fields, taken, readField);
  } catch (error) {
    // A proxy that does not tell its keys.
    return writer.members(["fields"], { fields: `[throws: ${thrownText(error)}]` }, taken);
  }
}

/** The value, or the error that its getter threw. */
function readField(holder: object, name: string): unknown {
  try {
    return (holder as Record<string, unknown>)[name];
  } catch (error) {
    return error;
  }
}

/** Whether the program has added anything: behind the record's own or, as a number, before. */
function hasExtra(record: LogRecord): boolean {
  let first: string | undefined, last: string | undefined, count = 0;
  // Not `Object.keys`, whose array takes longer than the looking.
  for (last in record) {
    first ??= last;
    count++;
  }
  return first !== FIRST_KEY || last !== LAST_KEY || count !== RECORD_KEYS.length;
}

/** The error and the stack. */
function moreMembers({ exc_info, stack_info }: LogRecord): string {
  const error = exc_info ? `,"error":${jsonOf(exc_info)}` : "";
  return stack_info ? `${error},"stack":${jsonOf(stack_info)}` : error;
}

function quoted(text: string): string {
  return typeof text === "string" ? QUOTED.get(text, JSON.stringify) : jsonOf(text);
}

/** What does not change between lines of the same message. */
interface Head {
  readonly level: string;
  readonly logger: string;
  readonly members: string;
}

/** By message; those that arguments were merged into hardly come again. */
const HEADS = new Map<unknown, Head>();
const MAX_HEADS = 256, LONGEST_MESSAGE = 1000;
/** Of those that are not known one of so many is kept: what comes once only costs its keeping. */
const KEEP_ONE_OF = 16;
let misses = 0;

/**
 * Level, logger and message; sets the record's merged message. Undefined if the message does
 * not take all arguments.
 */
function headMembers(record: LogRecord, fields: object | undefined): string | undefined {
  const { msg, name, levelname } = record;
  const known = record.args.length > (fields === undefined ? 0 : 1) ? undefined : HEADS.get(msg);
  if (known !== undefined && known.level === levelname && known.logger === name) {
    noteMessage(record, msg as string);
    return known.members;
  }
  const message = messageOf(record, fields);
  if (message === undefined) return undefined;
  noteMessage(record, message);
  const members = makeHead(levelname, name, message);
  if (canKeep(record, message) && misses++ % KEEP_ONE_OF === 0) {
    if (HEADS.size >= MAX_HEADS) HEADS.clear();
    HEADS.set(msg, { level: levelname, logger: name, members: flat(members) });
  }
  return members;
}

/** As `Formatter.format` does; a record that the program has frozen stays as it is. */
function noteMessage(record: LogRecord, message: string): void {
  try {
    record.message = message;
  } catch {
    // The line has it all the same.
  }
}

/** As {@linkcode headMembers}, with the arguments that the message has not taken, and why. */
function partialMembers(record: LogRecord, fields: object | undefined): string {
  const { text, args, problem } = partialMessage(record, fields);
  noteMessage(record, text);
  let head = makeHead(record.levelname, record.name, text);
  if (args.length > 0) head += `,"args":${jsonOf(args)}`;
  return problem === undefined ? head : `${head},"format_error":${jsonOf(problem)}`;
}

/** Whether the message is the same whatever the arguments, and what a filter put there is text. */
function canKeep({ msg, name, levelname }: LogRecord, message: string): boolean {
  return message === msg && message.length <= LONGEST_MESSAGE && !message.includes("%") &&
    typeof name === "string" && typeof levelname === "string";
}

function makeHead(level: string, logger: string, message: string): string {
  return `,"level":${quoted(level)},"logger":${quoted(logger)},"message":${
    JSON.stringify(cutText(message))
  }`;
}

let lastCreated = NaN;
let lastTime = "";
let lastSecond = NaN;
let lastPrefix = "";

/** The line's beginning, its time in UTC; the part down to the second is made once a second. */
function timeMember(created: number): string {
  if (created === lastCreated) return lastTime;
  // What a program has put there may be no time at all.
  if (typeof created !== "number" || !(Math.abs(created) <= LAST_SECOND)) {
    return `{"time":${jsonOf(created)}`;
  }
  const milliseconds = Math.round(created * 1000);
  const second = Math.floor(milliseconds / 1000);
  if (second !== lastSecond) {
    lastPrefix = `{"time":"${new Date(second * 1000).toISOString().slice(0, -4)}`;
    lastSecond = second;
  }
  const rest = milliseconds - second * 1000;
  lastTime = flat(`${lastPrefix}${threeDigits(rest)}Z"`);
  lastCreated = created;
  return lastTime;
}

/** The last that a `Date` can hold. */
const LAST_SECOND = 8.64e12;

/** The line of a record that is none, or whose own fields cannot be read. */
function brokenLine(record: LogRecord, error: unknown): string {
  const writer = new JsonWriter();
  const part = (name: string) => writer.write(readOrTell(record, name));
  const head = `{"time":${JSON.stringify(new Date().toISOString())},"level":${part("levelname")}`;
  const problem = writer.write(thrownText(error));
  return `${head},"logger":${part("name")},"message":${part("msg")},"args":${part("args")},` +
    `"format_error":${problem}}`;
}
