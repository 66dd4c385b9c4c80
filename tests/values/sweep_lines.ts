import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { conversionsOf } from "../../src/core/records/split_arguments.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { HostileValues } from "./hostile_value.ts";

/** What is wrong with a line of JSON, and how to make it again. */
export interface Fault {
  readonly number: number;
  readonly what: string;
}

/** Writes so many records of hostile values as JSON, and looks at each line. */
export function sweepLines(seed: number, count: number): Fault[] {
  const faults: Fault[] = [];
  const formatters = [new JsonFormatter(), new JsonFormatter("%(user)s %(lineno)d %(message)s")];
  for (let number = 0; number < count; number++) {
    const values = new HostileValues(new SeededBytes(Math.imul(seed, 0x9e3779b1) + number + 1));
    for (const what of lookAtLine(formatters[number % 2]!, values)) faults.push({ number, what });
  }
  return faults;
}

const MESSAGES = ["plain", "%s", "%d and %s", "%(a)s", "100% done", "%r", "%5.1f%%", "%*d"];

function* lookAtLine(formatter: JsonFormatter, values: HostileValues): Generator<string> {
  const msg = values.pick([() => values.pick(MESSAGES), () => values.any()])();
  const args = Array.from({ length: values.pick([0, 0, 1, 2, 3]) }, () => values.any());
  const fields = values.pick([undefined, values.fields()]);
  if (fields !== undefined) args.push(fields);
  // Else it might be fields.
  else if (args.length > 0) args.push("last");
  const error = values.pick([undefined, undefined, values.any()]);
  const record = new LogRecord("app", 20, "/x/main.ts", 7, msg, args, error, "run");
  if (values.pick([true, false])) Object.defineProperties(record, extra(values));
  let line: string;
  try {
    line = formatter.format(record);
  } catch (thrown) {
    yield `the formatter throws: ${quiet(thrown)}`;
    return;
  }
  if (/[\n\r]/.test(line)) yield "the line is not one line";
  let read: Record<string, unknown>;
  try {
    read = JSON.parse(line);
  } catch {
    yield `the line is no JSON: ${line.slice(0, 500)}`;
    return;
  }
  const keys = topLevelKeys(line);
  if (keys !== Object.keys(read).length) yield `a key stands twice: ${line.slice(0, 500)}`;
  for (const key of ["time", "level", "logger", "message"]) {
    if (typeof read[key] !== "string") yield `"${key}" is missing: ${line.slice(0, 500)}`;
  }
  // What the message shows is an argument, and no fields.
  const isShown = typeof msg === "string" && !msg.includes("%(") &&
    /[sr]/.test(conversionsOf(msg)[args.length - 1] ?? "");
  const own = args.length - (fields === undefined ? 0 : 1);
  const takesNone = typeof msg === "string" && !msg.includes("%");
  if (takesNone && own > 0 && countItems(read.args) !== own) {
    yield `arguments are missing: ${line.slice(0, 500)}`;
  }
  if (error && read.error === undefined) yield "the error is missing";
  for (const name of isShown ? [] : Object.keys(fields ?? {})) {
    if (!mayBeUndefined(fields!, name) && !hasKey(read, name)) {
      yield `field "${name}" is missing: ${line.slice(0, 500)}`;
    }
  }
}

/** Whether a field may be left out: a getter may give another value when it is read again. */
function mayBeUndefined(fields: object, name: string): boolean {
  const { get, value } = Object.getOwnPropertyDescriptor(fields, name)!;
  return get !== undefined || value === undefined;
}

/** Items of a list, those that are only counted at its end included. */
function countItems(list: unknown): number {
  if (!Array.isArray(list)) return 0;
  const last: unknown = list.at(-1);
  const more = typeof last === "string" ? /^\[(\d+) more\]$/.exec(last)?.[1] : undefined;
  return more === undefined ? list.length : list.length - 1 + Number(more);
}

/** Fields that a program adds to the record itself. */
function extra(values: HostileValues): PropertyDescriptorMap {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(values.fields()));
  // Those that mean something to a record are set by nobody but its makers.
  return Object.fromEntries(descriptors.filter(([name]) => !["args", "__proto__"].includes(name)));
}

/** Under its name, or with the `_` that names of the line and of others make needful. */
function hasKey(read: object, name: string): boolean {
  return Object.keys(read).some((key) =>
    key.startsWith(name) && /^_*$/.test(key.slice(name.length))
  );
}

/** Members of the line itself, counted without a parser that joins equal ones. */
function topLevelKeys(line: string): number {
  let depth = 0, keys = 0;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"(:?)|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && token.endsWith(":")) keys++;
  }
  return keys;
}

function quiet(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "something that cannot be read";
  }
}
