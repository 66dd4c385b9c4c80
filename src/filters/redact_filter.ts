import { checkOptions, isText, type OptionRules } from "../core/errors/check_options.ts";
import type { Redaction } from "../core/filters/redaction.ts";
import { copyRecord } from "../core/records/copy_record.ts";
import { fieldsOf, type LogRecord, resolveLazy, setFields } from "../core/records/log_record.ts";
import { trailingFields } from "../core/formatters/json_message.ts";
import { SharedFields } from "../core/records/shared_fields.ts";
import { CONVERSION, countPlaceholders, joined } from "../core/records/split_arguments.ts";
import { readOrTell } from "../core/values/thrown.ts";
import { compilePaths, type PathTest } from "./redact_paths.ts";
import { Redactor } from "./redactor.ts";

/**
 * Options of {@linkcode RedactFilter}.
 *
 * @example
 * ```ts
 * import { RedactFilter, type RedactFilterOptions } from "@logdial/logging";
 *
 * const options: RedactFilterOptions = { paths: ["password", "headers.cookie"] };
 * const filter = new RedactFilter(options);
 * ```
 */
export interface RedactFilterOptions {
  /**
   * Names of fields that are taken out, wherever they are: `password`, `headers.authorization`,
   * `*.token`, `items[*].card`. A path fits at any depth, in upper and lower case, and names with
   * dots in them, such as a field called `http.headers.authorization`.
   *
   * @default []
   */
  paths?: readonly string[];
  /**
   * Texts that are taken out wherever they stand, names of fields included: regular expressions,
   * or their source. A text that holds JSON is a text, in which only patterns find anything.
   *
   * @default []
   */
  patterns?: readonly (string | RegExp)[];
  /** The text that is shown in their place. @default "[redacted]" */
  replacement?: string;
}

const OPTION_RULES: OptionRules<RedactFilterOptions> = {
  paths: (value) =>
    isListOf(value, (one) => typeof one === "string") ? undefined : "a list of paths",
  patterns: (value) =>
    isListOf(value, (one) => typeof one === "string" || one instanceof RegExp)
      ? undefined
      : "a list of patterns",
  replacement: isText,
};

/** What each filter of this very class does; filters of subclasses may do more. */
const made = new WeakMap<object, { readonly text: string; readonly replacement: string }>();

/**
 * What a filter is known to take out, as a text that is the same for another one that does the same,
 * whatever has been set on it since it was made; undefined of one that may do anything else.
 */
export function redactionOf(filter: object): string | undefined {
  const as = made.get(filter);
  const isChanged = Object.hasOwn(filter, "filter") || Object.hasOwn(filter, "redacted") ||
    as?.replacement !== (filter as Partial<RedactFilter>).replacement;
  return isChanged ? undefined : as?.text;
}

/**
 * Takes secrets out of records: out of the message, arguments, fields, those of contexts and of
 * bound loggers, `extra`, and errors with their causes, however deep they are.
 *
 * On a handler it sees all that comes to that handler; on a logger, what is logged there. The
 * record goes on as a copy, and the program's own objects stay as they are. `logdial tail` shows
 * what the filters on a record's way leave of it.
 *
 * Known as `logdial.RedactFilter`.
 *
 * @example
 * ```ts
 * import { getLogger, JsonFormatter, RedactFilter, stdout, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler(stdout);
 * handler.setFormatter(new JsonFormatter());
 * handler.addFilter(new RedactFilter({ paths: ["password"], patterns: [/\b\d{16}\b/] }));
 * getLogger().addHandler(handler);
 * getLogger().warning("paid with %s", "4111111111111111", { body: { password: "hunter2" } });
 * // … "message":"paid with [redacted]","body":{"password":"[redacted]"}}
 * ```
 */
export class RedactFilter implements Redaction {
  /** The paths. */
  readonly paths: readonly string[];
  /** Sources of the patterns, those with flags as `/source/flags`. */
  readonly patterns: readonly string[];
  /** The text that is shown in place of what is taken out. */
  readonly replacement: string;
  readonly #isSecret: PathTest;
  readonly #patterns: readonly RegExp[];
  /** Redacted copies of fields that go into many records, by the fields. */
  readonly #known = new WeakMap<SharedFields, SharedFields>();

  /**
   * Takes the paths and patterns of what is to be taken out.
   *
   * @throws {RangeError} A path or a pattern that cannot be read.
   */
  constructor(options: RedactFilterOptions = {}) {
    checkOptions("RedactFilter", options, OPTION_RULES);
    const { paths = [], patterns = [], replacement = "[redacted]" } = options;
    this.paths = [...paths];
    this.patterns = patterns.map(patternText);
    this.replacement = replacement;
    this.#isSecret = compilePaths(paths);
    this.#patterns = patterns.map(compilePattern);
    if (new.target !== RedactFilter) return;
    const text = JSON.stringify([this.paths, this.patterns, replacement]);
    made.set(this, { text, replacement });
  }

  /** Whether it holds no record back; a subclass may. */
  get passesAll(): boolean {
    return this.filter === RedactFilter.prototype.filter;
  }

  /** A copy of the record without what is to be taken out. */
  filter(record: LogRecord): LogRecord {
    return this.redacted(record);
  }

  /**
   * The copy of {@linkcode RedactFilter.filter}, for tails and the recorder, which watch beside the
   * handlers.
   */
  redacted(record: LogRecord): LogRecord {
    resolveLazy(record);
    // A redactor for each record, since values that it looks at may log themselves.
    const redactor = new Redactor(this.#isSecret, this.#patterns, this.replacement);
    const { msg, args, exc_info, stack_info, exc_text } = record;
    const sources = fieldsOf(record);
    const clean = {
      msg: typeof msg === "string" ? msg : redactor.value(msg),
      args: args.length === 0 ? args : redactor.value(args) as readonly unknown[],
      exc_info: exc_info === null ? undefined : redactor.value(exc_info),
      // A record that came as JSON has `null` where it has no stack.
      stack_info: stack_info ? redactor.value(stack_info) as string : undefined,
      context: this.#shared(redactor, sources.context),
      bound: this.#shared(redactor, sources.bound),
      own: sources.own && redactor.fields(sources.own),
      extra: (name: string, value: unknown) =>
        [redactor.name(name), redactor.field(name, value)] as const,
    };
    if (clean.args !== args) clean.msg = fitTexts(clean.msg, clean.args, this.replacement);
    const copy = copyRecord(record, clean);
    if (this.#patterns.length > 0) cleanMessage(redactor, copy);
    // `exc_text` is the text that some formatter has made of the error already.
    if (exc_text && !exc_info) copy.exc_text = redactor.value(exc_text) as string;
    return copy;
  }

  #shared(redactor: Redactor, fields: SharedFields | undefined): SharedFields | undefined {
    if (fields === undefined) return undefined;
    let known = this.#known.get(fields);
    if (known === undefined) {
      const clean = redactor.fields(fields.values);
      known = clean === fields.values ? fields : new SharedFields(clean);
      if (fields.isFixed) this.#known.set(fields, known);
    }
    return known;
  }
}

/** One placeholder: its name, width, precision and conversion. */
const PLACEHOLDER = new RegExp(String.raw`%(?:\(([^)]*)\))?` + CONVERSION, "gs");

/**
 * The message with `%s` for numbers that were taken out: a placeholder of numbers refuses the text
 * that stands in their place, and the line would be lost.
 */
function fitTexts(msg: unknown, args: readonly unknown[], replacement: string): unknown {
  if (typeof msg !== "string") return msg;
  let at = 0;
  return msg.replace(PLACEHOLDER, (whole, name, width, precision, kind) => {
    if (kind === "%") return whole;
    for (const one of [width, precision]) if (one === "*") at++;
    const value = name === undefined ? args[at++] : named(args[0], name);
    const isNumber = /[diuoxXeEfFgGc]/.test(kind);
    return isNumber && typeof value === "string" && value.includes(replacement)
      ? `%${name === undefined ? "" : `(${name})`}s`
      : whole;
  });
}

function named(mapping: unknown, name: string): unknown {
  if (mapping instanceof Map) return mapping.get(name);
  return typeof mapping === "object" && mapping !== null && Object.hasOwn(mapping, name)
    ? readOrTell(mapping, name)
    : undefined;
}

/**
 * Takes out of the message what patterns find. It is merged with its arguments only if something
 * begins in the one and ends in the other: a filter behind this one still sees them apart.
 */
function cleanMessage(redactor: Redactor, record: LogRecord): void {
  const { msg } = record;
  const template = typeof msg === "string" ? redactor.text(msg) : msg;
  if (countPlaceholders(template) === countPlaceholders(msg)) record.msg = template;
  let text: string;
  try {
    text = record.getMessage();
  } catch {
    // Arguments that do not fit: whoever formats it says so.
    if (typeof record.msg === "string") record.msg = redactor.text(record.msg);
    return;
  }
  const clean = redactor.text(text);
  if (clean === text) return;
  const fields = trailingFields(record);
  record.msg = clean;
  record.args = [];
  if (fields === undefined) return;
  // Formatters that show such an argument as fields still do.
  const { context, bound, own } = fieldsOf(record);
  setFields(record, context, bound, joined(fields, own));
}

function isListOf(value: unknown, isGood: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isGood);
}

function patternText(pattern: string | RegExp): string {
  if (typeof pattern === "string") return pattern;
  return pattern.flags === "" ? pattern.source : `/${pattern.source}/${pattern.flags}`;
}

function compilePattern(pattern: string | RegExp): RegExp {
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(patternText(pattern)) ??
    [undefined, patternText(pattern), ""];
  let compiled: RegExp;
  try {
    compiled = new RegExp(source!, [...new Set(`${flags!.replace("y", "")}g`)].join(""));
  } catch (cause) {
    throw new RangeError(`Cannot redact pattern "${source}": it is no regular expression`, {
      cause,
    });
  }
  if (!compiled.test("")) return compiled;
  throw new RangeError(`Cannot redact pattern "${source}": it fits an empty text`);
}
