import { heard } from "../values/on_rejection.ts";
import { compileConversion, type Convert, LEFT } from "./percent_conversion.ts";
import {
  type Directive,
  INCOMPLETE_KEY,
  MAX_PRECISION,
  MAX_WIDTH,
  parsePercent,
  STAR,
} from "./percent_parser.ts";
import { isInteger } from "../python/py_number.ts";
import { type Mapping, mappingOf, pyRepr, pythonError } from "../python/py_repr.ts";

interface Template {
  readonly pieces: readonly (string | Directive)[];
  /** Set if the format only converts one argument after the other: no keys, no `*`, no defects. */
  readonly plain: PlainTemplate | undefined;
}

interface PlainTemplate {
  readonly converts: readonly Convert[];
  /** Text before each conversion, and after the last. */
  readonly literals: readonly string[];
}

const MAX_TEMPLATES = 1000;

const templates = new Map<string, Template>();

/**
 * Formats a log message as Python's `format % args`.
 *
 * A single non-empty object or `Map` is also the mapping for `%(key)s`, as in
 * CPython's `LogRecord`.
 *
 * @throws {Error} With CPython's message, and its exception type as `name`.
 */
export function percentFormat(format: string, args: readonly unknown[]): string {
  const { plain, pieces } = templates.get(format) ?? compile(format);
  const mapping = args.length === 1 ? mappingOf(args[0]) : undefined;
  if (mapping !== undefined) return formatMapping(pieces, mapping);
  return plain === undefined ? formatTuple(pieces, args) : formatPlain(plain, args);
}

function formatPlain({ converts, literals }: PlainTemplate, args: readonly unknown[]): string {
  let text = literals[0]!;
  for (let i = 0; i < converts.length; i++) {
    if (i === args.length) throw notEnough();
    text += converts[i]!(args[i]) + literals[i + 1]!;
  }
  if (args.length > converts.length) throw notAll();
  return text;
}

function formatTuple(pieces: readonly (string | Directive)[], args: readonly unknown[]): string {
  let text = "";
  let next = 0;
  function take(): unknown {
    if (next === args.length) throw notEnough();
    return args[next++];
  }
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else if (piece.key === undefined) text += convertNext(piece, take);
    else throw pythonError("TypeError", "format requires a mapping");
  }
  if (next < args.length) throw notAll();
  return text;
}

function formatMapping(pieces: readonly (string | Directive)[], mapping: Mapping): string {
  let text = "";
  // Before the first conversion, the mapping itself is the one argument there is.
  let pending: [unknown] | [] = [mapping];
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      continue;
    }
    if (piece.key === undefined) text += convertOne(piece, pending);
    else if (piece.defect === INCOMPLETE_KEY) {
      throw pythonError("ValueError", INCOMPLETE_KEY);
    } else text += convertOne(piece, [lookUp(mapping, piece.key)]);
    pending = [];
  }
  return text;
}

/** Runs a directive of a format that was given a mapping: it can use one value, or none. */
export function convertOne(directive: Directive, pending: [unknown] | []): string {
  let used = pending.length === 0;
  return convertNext(directive, () => {
    if (used) throw notEnough();
    used = true;
    return pending[0];
  });
}

function convertNext(directive: Directive, take: () => unknown): string {
  let { flags, width, precision } = directive;
  if (width === STAR) {
    width = starValue(take(), MAX_WIDTH, "ssize_t");
    if (width < 0) flags |= LEFT;
    width = Math.abs(width);
  }
  if (precision === STAR) {
    precision = Math.max(0, starValue(take(), MAX_PRECISION, "int"));
  }
  if (directive.defect !== undefined) throw pythonError("ValueError", directive.defect);
  const value = take();
  const convert = directive.convert ??
    compileConversion(directive.conversion, flags, width, precision, directive.index);
  return convert(value);
}

function starValue(value: unknown, limit: number, cType: string): number {
  if (!isInteger(value)) throw pythonError("TypeError", "* wants int");
  const number = Number(value);
  if (number >= limit || number < -limit) {
    throw pythonError("OverflowError", `Python int too large to convert to C ${cType}`);
  }
  return number;
}

function lookUp(mapping: Mapping, key: string): unknown {
  if (mapping instanceof Map) {
    if (mapping.has(key)) return mapping.get(key);
  } else if (Object.hasOwn(mapping, key)) {
    return heard(mapping, key, (mapping as Record<string, unknown>)[key]);
  }
  throw pythonError("KeyError", pyRepr(key));
}

function notEnough(): Error {
  return pythonError("TypeError", "not enough arguments for format string");
}

function notAll(): Error {
  return pythonError("TypeError", "not all arguments converted during string formatting");
}

function compile(format: string): Template {
  const pieces = parsePercent(format);
  const template = { pieces, plain: plainTemplate(pieces) };
  // Formats built at run time would fill the memory; a full cache is not worth bookkeeping.
  if (templates.size >= MAX_TEMPLATES) templates.clear();
  templates.set(format, template);
  return template;
}

function plainTemplate(pieces: readonly (string | Directive)[]): PlainTemplate | undefined {
  const converts: Convert[] = [];
  const literals = [""];
  for (const piece of pieces) {
    if (typeof piece === "string") literals[converts.length] = piece;
    else if (piece.convert === undefined || piece.key !== undefined) {
      return undefined;
    } else literals[converts.push(piece.convert)] = "";
  }
  return { converts, literals };
}
