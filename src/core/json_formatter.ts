import { compileFormat } from "./format/format_style.ts";
import { flat } from "./text/flat.ts";
import { jsonOf, plainJson } from "./format/json_value.ts";
import { percentFormat } from "./format/percent_format.ts";
import { isPlainObject, pyStr } from "./python/py_repr.ts";
import { Recent } from "./text/recent.ts";
import { visibleJson } from "./text/visible.ts";
import { threeDigits } from "./format/time_format.ts";
import { Formatter, type FormatterOptions, type Style } from "./formatter.ts";
import { LogRecord } from "./record.ts";

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
 * No value makes it throw.
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
  readonly #added: readonly string[];

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
    this.#added = [...named].filter((name) => !given.has(name));
  }

  /** The record's line. */
  override format(record: LogRecord): string {
    const line = this.#object(record);
    return this.escape ? visibleJson(line) : line;
  }

  #object(record: LogRecord): string {
    const fields = trailingFields(record);
    let line = timeMember(record.created) + headMembers(record, fields);
    for (const name of this.#added) line += member(name, readField(record, name));
    if (hasExtra(record)) line += extraMembers(record);
    const more = moreMembers(record);
    if (fields === undefined) return `${line}${more}}`;
    const whole = more === "" ? plainJson(fields, isLineKey) : undefined;
    if (whole === undefined || whole === "{}") return `${line}${fieldMembers(fields)}${more}}`;
    // Its own brace ends the line.
    return `${line},${whole.slice(1)}`;
  }
}

/** A plain object given last, which is fields rather than an argument. */
function trailingFields({ args }: LogRecord): Record<string, unknown> | undefined {
  const last = args[args.length - 1];
  return typeof last === "object" && last !== null && isPlainObject(last)
    ? last as Record<string, unknown>
    : undefined;
}

/** The merged message; fields that the message does not ask for are no arguments of it. */
function messageOf(record: LogRecord, fields: unknown): string {
  const { msg, args } = record;
  const text = typeof msg === "string" ? msg : pyStr(msg);
  if (args.length === 0 || !text.includes("%")) return text;
  if (fields === undefined || args.length === 1) return record.getMessage();
  // As many arguments as placeholders, or one too many: the fields.
  try {
    return record.getMessage();
  } catch {
    return percentFormat(text, args.slice(0, -1));
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

/** What the program has added to the record. */
function extraMembers(record: LogRecord): string {
  let members = "";
  for (const name of Object.keys(record)) {
    if (!RECORD_KEYS.includes(name)) members += member(name, readField(record, name));
  }
  return members;
}

/** The error and the stack. */
function moreMembers({ exc_info, stack_info }: LogRecord): string {
  const error = exc_info ? `,"error":${jsonOf(exc_info)}` : "";
  return stack_info ? `${error},"stack":${JSON.stringify(stack_info)}` : error;
}

function fieldMembers(fields: Record<string, unknown>): string {
  let members = "";
  for (const name of Object.keys(fields)) members += member(name, readField(fields, name));
  return members;
}

/** Keys of the line itself; a field of the same name gets a `_` behind it. */
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

function quoted(text: string): string {
  return typeof text === "string" ? QUOTED.get(text, JSON.stringify) : jsonOf(text);
}

function member(name: string, value: unknown): string {
  const key = isLineKey(name) ? `${name}_` : name;
  return `,${JSON.stringify(key)}:${jsonOf(value)}`;
}

/** The value, or what its getter threw. */
function readField(holder: object, name: string): unknown {
  try {
    return (holder as Record<string, unknown>)[name];
  } catch (error) {
    return error;
  }
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

/** Level, logger and message; sets the record's merged message. */
function headMembers(record: LogRecord, fields: unknown): string {
  const { msg, name, levelname } = record;
  const known = HEADS.get(msg);
  if (known !== undefined && known.level === levelname && known.logger === name) {
    record.message = msg as string;
    return known.members;
  }
  const message = record.message = messageOf(record, fields);
  const members = makeHead(levelname, name, message);
  if (canKeep(record, message) && misses++ % KEEP_ONE_OF === 0) {
    if (HEADS.size >= MAX_HEADS) HEADS.clear();
    HEADS.set(msg, { level: levelname, logger: name, members: flat(members) });
  }
  return members;
}

/** Whether the message is the same whatever the arguments, and what a filter put there is text. */
function canKeep({ msg, name, levelname }: LogRecord, message: string): boolean {
  return message === msg && message.length <= LONGEST_MESSAGE && !message.includes("%") &&
    typeof name === "string" && typeof levelname === "string";
}

function makeHead(level: string, logger: string, message: string): string {
  return `,"level":${quoted(level)},"logger":${quoted(logger)},"message":${
    JSON.stringify(message)
  }`;
}

let lastCreated = NaN;
let lastTime = "";
let lastSecond = NaN;
let lastPrefix = "";

/** The line's beginning, its time in UTC; the part down to the second is made once a second. */
function timeMember(created: number): string {
  if (created === lastCreated) return lastTime;
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
