import { isPlainObject } from "../python/py_repr.ts";
import { isError } from "../values/thrown.ts";
import { hearAll } from "../values/on_rejection.ts";
import { webFields } from "../values/web_fields.ts";
import { addFields } from "./add_fields.ts";
import { hasLazy, isLazy } from "./lazy_values.ts";
import {
  type CallOptions,
  isList,
  isOptionName,
  type LogOptions,
  readOptions,
} from "./log_options.ts";
import type { Fields } from "./shared_fields.ts";

const NONE: readonly unknown[] = [];

/** The parts of what a log call was given. */
export interface SplitArguments {
  readonly msg: unknown;
  /** The arguments that belong to the message. */
  readonly args: readonly unknown[];
  /** The error to append, if any. */
  readonly error: unknown;
  /** The fields, if any were given. */
  readonly fields: Fields | undefined;
  /** The options, if any were given. */
  readonly options: CallOptions | undefined;
  /** Whether functions among the arguments, or the message, are to be called first. */
  readonly isLazy: boolean;
}

/** The message with what stood before it, and the arguments behind it. */
interface Beginning {
  readonly msg: unknown;
  readonly args: readonly unknown[];
  readonly error?: unknown;
  readonly fields?: Fields;
}

/**
 * Tells the message and its arguments from what stands around them:
 *
 * - an object or an error before a text, as pino has it: fields, an error;
 * - at the end an object that holds nothing but {@linkcode LogOptions}, another plain object
 *   that the message has no placeholder for, which are fields, and an error;
 * - the parts of a template.
 *
 * An error at the end is appended to the line; it is also an argument if the message has a
 * placeholder for it. A line has one error, that of its options or else the one before the message:
 * others are arguments, so that one for which the message has no place is told, not dropped.
 */
export function splitArguments(message: unknown, args: readonly unknown[]): SplitArguments {
  const alone = fieldsAlone(message, args);
  if (alone !== undefined) return ofFields(message, alone);
  let msg = message, all = args, first: unknown, leading: Fields | undefined;
  if (typeof message === "object" && message !== null) {
    ({ msg, args: all, error: first, fields: leading } = readBeginning(message, args));
  }
  const isOpen = typeof msg === "function" && isLazy(msg);
  let end = all.length, places = -1;
  let options: LogOptions | undefined, fields: Fields | undefined, error: unknown;
  let hasError = false;
  while (end > 0) {
    const last = all[end - 1];
    if (typeof last !== "object" || last === null) break;
    if (options === undefined && (options = optionsOf(msg, end, last)) !== undefined) {
      end--;
      continue;
    }
    // A function gives the message later: it may have placeholders for all arguments.
    if (isOpen) break;
    if (places < 0) places = countPlaces(msg);
    // Fields are looked for before errors: more calls have them, and this test is faster.
    if (places < end && isFields(last)) fields = joined(last, fields);
    else if (!hasError && isError(last)) {
      hasError = true;
      error = last;
      if (places >= end) break;
    } else break;
    end--;
  }
  let rest = end === all.length ? all : end === 0 ? NONE : all.slice(0, end);
  // There is no current exception in JavaScript that `true` could stand for.
  const given = options?.exc_info === true ? undefined : options?.exc_info;
  const leads = first !== undefined && first !== msg;
  const shown = given ?? (leads ? first : error ?? first);
  if (leads) rest = withOther(rest, first, shown);
  if (error !== undefined) rest = withOther(rest, error, shown);
  return {
    msg,
    args: rest,
    error: shown,
    fields: joined(leading, fields),
    options,
    isLazy: isOpen || hasLazy(rest),
  };
}

/**
 * The fields of a call that has a text without placeholders and nothing else; undefined for all
 * others. Most calls with fields are so, and a look at the first name takes half the time of all.
 */
function fieldsAlone(message: unknown, args: readonly unknown[]): Fields | undefined {
  if (args.length !== 1 || typeof message !== "string") return undefined;
  const only = args[0];
  if (typeof only !== "object" || only === null) return undefined;
  try {
    // Most others are told from fields before the slower tests: errors, and options by their name.
    if (only instanceof Error || isList(only) || message.includes("%")) return undefined;
    for (const name in only) {
      // Names that the program has given to all objects come last.
      const isField = !isOptionName(name) && isPlainObject(only) && Object.hasOwn(only, name);
      return isField ? only : undefined;
    }
  } catch {
    // A proxy that throws is looked at once more, and is an argument.
  }
  return undefined;
}

function ofFields(msg: unknown, fields: Fields): SplitArguments {
  return { msg, args: NONE, error: undefined, fields, options: undefined, isLazy: false };
}

/** The arguments with an error that is neither among them nor the one that the line shows, if it shows any. */
export function withOther(
  args: readonly unknown[],
  error: unknown,
  shown: unknown,
): readonly unknown[] {
  return !shown || error === shown || args.includes(error) ? args : [...args, error];
}

/** Arguments that all belong to the message, and options given apart from them. */
export function withOptions(
  msg: unknown,
  args: readonly unknown[],
  options: CallOptions,
): SplitArguments {
  const lazy = isLazy(msg) || hasLazy(args);
  try {
    const { exc_info: error, fields, merged } = options;
    if (merged !== undefined) return { ...merged, error, fields, options, isLazy: false };
    return { msg, args, error, fields, options, isLazy: lazy };
  } catch (error) {
    // The error goes with the line.
    return { msg, args, error, fields: undefined, options: undefined, isLazy: lazy };
  }
}

/**
 * The fields of both objects in one; those of the second count. A field that cannot be read has the
 * text of its error.
 */
export function joined(first: Fields | undefined, second: Fields | undefined): Fields | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  try {
    return { ...hearAll(first, { ...first }), ...hearAll(second, { ...second }) };
  } catch {
    const all = new Map<string, unknown>();
    for (const fields of [first, second]) addFields(all, fields);
    return Object.fromEntries(all);
  }
}

/** A placeholder behind its `%`, and its name if it has one: width, precision and conversion. */
export const CONVERSION: string = String.raw`[#0\- +]*(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)`;

const PLACEHOLDER = new RegExp(`%${CONVERSION}`, "gs");

/** How many arguments the placeholders of the message take. */
export function countPlaceholders(message: unknown): number {
  return typeof message === "string" ? conversionsOf(message).length : 0;
}

/** The conversion of each of these arguments: `s`, `d` and so on, `*` for a width. */
export function conversionsOf(message: string): string {
  let all = "";
  for (const [text] of message.matchAll(PLACEHOLDER)) {
    if (text !== "%%") all += text.replaceAll(/[^*]/g, "") + text.at(-1);
  }
  return all;
}

/** A message with named placeholders takes one object, whatever their number. */
function countPlaces(message: unknown): number {
  if (typeof message !== "string" || !message.includes("%")) return 0;
  return message.includes("%(") ? 1 : countPlaceholders(message);
}

function readBeginning(message: object, args: readonly unknown[]): Beginning {
  const first = args[0];
  const hasText = typeof first === "string" || isLazy(first);
  if (isError(message)) {
    return hasText
      ? { msg: first, args: args.slice(1), error: message }
      : { msg: message, args, error: message };
  }
  if (hasText && isFields(message, true)) {
    return { msg: first, args: args.slice(1), fields: message };
  }
  if (isTemplate(message)) return { msg: templateText(message), args };
  const shown = hasText ? instanceFields(message) : undefined;
  return shown === undefined
    ? { msg: message, args }
    : { msg: first, args: args.slice(1), fields: shown };
}

/**
 * The fields of an object of a class that stands before a text, as in `log.info(request, "done")`.
 * Undefined if the object has nothing to show, or a text of its own: then it is the message, as in
 * Python.
 */
function instanceFields(value: object): Fields | undefined {
  try {
    if (Array.isArray(value) || value.toString !== Object.prototype.toString) return undefined;
    const fields = webFields(value) ?? hearAll(value, { ...value });
    return Object.keys(fields).length === 0 ? undefined : fields;
  } catch {
    // An object that cannot be read is the message; the formatter says why it cannot be read.
    return undefined;
  }
}

function optionsOf(message: unknown, count: number, last: object): LogOptions | undefined {
  // A message with named placeholders may ask for a field called "extra".
  if (count === 1 && typeof message === "string" && message.includes("%(")) return undefined;
  try {
    return readOptions(last);
  } catch {
    // An object that cannot be read is an argument; the formatter says why it cannot be read.
    return undefined;
  }
}

/**
 * Whether an object is fields. An empty one at the end is not: for Python it is an argument for
 * which the message has no place.
 */
function isFields(value: object, mayBeEmpty = false): value is Fields {
  try {
    if (!isPlainObject(value) || mayBeEmpty) return isPlainObject(value);
    for (const name in value) if (Object.hasOwn(value, name)) return true;
    return false;
  } catch {
    // A proxy that throws is an argument; the message says why it cannot be read.
    return false;
  }
}

/** Texts of templates by the object that stands for a place in the source. */
const TEMPLATES = new WeakMap<object, string>();

function isTemplate(value: object): value is TemplateStringsArray {
  try {
    return Array.isArray(value) && Array.isArray((value as { raw?: unknown }).raw) &&
      Object.isFrozen(value);
  } catch {
    return false;
  }
}

/** A template as a message with `%s` for its values; without values it is a text as it is. */
function templateText(parts: TemplateStringsArray): string {
  if (parts.length === 1) return parts[0] ?? "";
  let text = TEMPLATES.get(parts);
  if (text === undefined) {
    // An invalid escape has no text, only its source.
    const texts = parts.map((part, at) => (part ?? parts.raw[at]!).replaceAll("%", "%%"));
    TEMPLATES.set(parts, text = texts.join("%s"));
  }
  return text;
}
