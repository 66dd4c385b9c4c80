import { percentFormat } from "../format/percent_format.ts";
import { conversionsOf, countPlaceholders } from "../records/split_arguments.ts";
import { isPlainObject, pyStr } from "../python/py_repr.ts";
import type { LogRecord } from "../records/log_record.ts";
import type { Fields } from "../records/shared_fields.ts";
import { thrownText } from "../values/thrown.ts";

/** A message whose arguments do not all fit it. */
export interface PartialMessage {
  /** As much of the message as can be made. */
  readonly text: string;
  /** The arguments that are not in the message. */
  readonly args: readonly unknown[];
  /** What was wrong, undefined if there were just too many. */
  readonly problem: string | undefined;
}

/** A plain object given last, which is fields rather than an argument whose text is in the message. */
export function trailingFields({ msg, args }: LogRecord): Record<string, unknown> | undefined {
  const last = args.length > 0 ? args[args.length - 1] : undefined;
  if (typeof last !== "object" || last === null) return undefined;
  try {
    if (!isPlainObject(last) || isShown(msg, args.length)) return undefined;
    return last as Record<string, unknown>;
  } catch {
    // A proxy that throws is an argument; the message says why it cannot be read.
    return undefined;
  }
}

/**
 * Whether the message has the text of its last argument, by its place. Names of an object, as in
 * `%(id)s`, show a part of it, and a number never fits an object.
 */
function isShown(msg: unknown, count: number): boolean {
  if (typeof msg !== "string" || !msg.includes("%") || msg.includes("%(")) return false;
  return "sra".includes(conversionsOf(msg)[count - 1] ?? " ");
}

/** A plain object in place of a message, as in `log.info({ user })`: fields and nothing else. */
export function bareFields({ msg, args }: LogRecord): Fields | undefined {
  if (typeof msg !== "object" || msg === null || args.length > 0) return undefined;
  try {
    return isPlainObject(msg) && !Object.hasOwn(msg, "toString") ? msg : undefined;
  } catch {
    // A proxy that throws has no text either; that is told where the text is made.
    return undefined;
  }
}

/**
 * The merged message; `fields` count as no argument unless the message has a placeholder for them.
 * Undefined if arguments do not fit, or cannot be read.
 */
export function messageOf(record: LogRecord, fields: object | undefined): string | undefined {
  const { msg, args } = record;
  const count = args.length;
  if (count === 0 && typeof msg === "string") return msg;
  try {
    const text = typeof msg === "string" ? msg : pyStr(msg);
    if (count === 0) return text;
    if (!text.includes("%")) return count > (fields === undefined ? 0 : 1) ? undefined : text;
    if (fields === undefined || text.includes("%(")) return record.getMessage();
    return withoutFields(record, text);
  } catch {
    return undefined;
  }
}

/** The message of a record whose arguments are as many as its placeholders, or one more: fields. */
function withoutFields(record: LogRecord, text: string): string {
  try {
    return record.getMessage();
  } catch {
    const args = record.args.slice(0, -1);
    // As in Python, a message without arguments is not formatted.
    return args.length === 0 ? text : percentFormat(text, args);
  }
}

/** As much as can be made of a message for which {@linkcode messageOf} gives none; it never throws. */
export function partialMessage(record: LogRecord, fields: object | undefined): PartialMessage {
  const args = argumentsOf(record, fields);
  let text: string;
  try {
    text = typeof record.msg === "string" ? record.msg : pyStr(record.msg);
  } catch (error) {
    const problem = thrownText(error);
    return { text: `[throws: ${problem}]`, args, problem };
  }
  if (!text.includes("%")) return { text, args, problem: undefined };
  const count = countPlaceholders(text);
  try {
    // If there are just too many arguments, those that have a place are merged.
    if (count < args.length) {
      const merged = percentFormat(text, args.slice(0, count));
      return { text: merged, args: args.slice(count), problem: undefined };
    }
    record.getMessage();
  } catch (error) {
    return { text, args, problem: thrownText(error) };
  }
  return { text, args, problem: undefined };
}

/** The arguments without the fields; a record factory of the program may have put anything there. */
function argumentsOf({ args }: LogRecord, fields: object | undefined): readonly unknown[] {
  if (!Array.isArray(args)) return [args];
  return fields === undefined ? args : args.slice(0, -1);
}
