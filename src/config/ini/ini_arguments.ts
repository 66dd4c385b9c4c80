import { ConfigError } from "../../core/errors/config_error.ts";
import type { IniSection } from "./ini_document.ts";
import { LiteralError, parseLiteral } from "../literal/parse_literal.ts";
import { RefusedName } from "../literal/pure_names.ts";
import type { BoundArguments, Place, ResolveName } from "../spec/config_spec.ts";
import { UnknownNameError } from "../spec/unknown_name_error.ts";

/** A dotted name in Python code. */
class DottedName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * The class's registered name. CPython first runs the text as code inside `logging`, so that
 * comments and brackets may stand in it, and only then takes it for a name of another module.
 */
export function readClassName(text: string): string {
  // The letters of all scripts take V8 a millisecond, and are hardly ever needed.
  if (/^[\w.]+$/.test(text) || /^[\p{L}\p{N}_.]+$/u.test(text)) return text;
  try {
    const resolveName = (name: string) => ({ value: new DottedName(name) });
    const value = parseLiteral(text, { resolveName });
    return value instanceof DottedName ? `logging.${value.name}` : text;
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return text;
  }
}

/**
 * The values of `args=` and `kwargs=` in a section.
 *
 * @throws {ConfigError} They are no tuple and dict of literals and known names.
 */
export function readArguments(
  where: IniSection,
  args: string,
  kwargs: string,
  resolveName: ResolveName,
): BoundArguments {
  const positional = literal(where, "args", args, resolveName);
  // Most sections have no `kwargs`, for which `{}` stands.
  const named = kwargs === "{}" ? new Map() : literal(where, "kwargs", kwargs, resolveName);
  if (!(named instanceof Map)) {
    throw new ConfigError("Cannot read kwargs: it must be a dict such as {'delay': True}", {
      ...placeIn(where)("kwargs"),
    });
  }
  return { args: positionalArguments(where, positional), kwargs: named };
}

/**
 * The value of `__file__`. Differs from CPython: there it is the file of `logging`, which nobody
 * means.
 */
function ownFile(where: IniSection): { value: unknown } {
  const value = where.raw("__file__") ?? new RefusedName(
    "__file__ is not known: give it as a default, such as { __file__: import.meta.filename }",
  );
  return { value };
}

/**
 * The values of `defaults=` in a formatter, for fields that a record may lack; undefined for none.
 *
 * @throws {ConfigError} It is no dict of literals and known names.
 */
export function readDefaults(
  where: IniSection,
  resolveName: ResolveName,
): Readonly<Record<string, unknown>> | undefined {
  const text = where.raw("defaults");
  const value = text === undefined ? undefined : literal(where, "defaults", text, resolveName);
  if (value === undefined || value === null) return undefined;
  if (isNamed(value)) return asDict(value) as Record<string, unknown>;
  throw new ConfigError("Cannot read defaults: it must be a dict such as {'user': '-'}", {
    ...placeIn(where)("defaults"),
  });
}

/** A dict with texts as keys as a plain object, so that it is printed as one; nested ones too. */
function asDict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDict);
  if (!isNamed(value)) return value;
  return Object.fromEntries([...value].map(([key, item]) => [key, asDict(item)]));
}

function isNamed(value: unknown): value is Map<string, unknown> {
  return value instanceof Map && [...value.keys()].every((key) => typeof key === "string");
}

function positionalArguments(where: IniSection, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  // Python unpacks whatever can be iterated: `args=('x')` is the text "x", letter by letter.
  if (typeof value === "string" || value instanceof Set || value instanceof Uint8Array) {
    return [...value];
  }
  if (value instanceof Map) return [...value.keys()];
  throw new ConfigError("Cannot read args: it must be a tuple, (x,) with a comma for one item", {
    ...placeIn(where)("args"),
  });
}

function literal(
  where: IniSection,
  key: string,
  text: string,
  resolveName: ResolveName,
): unknown {
  // Names are looked up inside `logging`, which knows `sys` but not itself.
  const resolve: ResolveName = (name) =>
    name === "__file__" ? ownFile(where) : resolveName(`logging.${name}`) ??
      (name.startsWith("logging.") ? undefined : resolveName(name));
  try {
    return parseLiteral(text, { resolveName: resolve });
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    // A default that the program has given stands nowhere in the text, nor does an expanded value.
    const isAsWritten = where.lineOf(key) !== undefined && where.raw(key) === text;
    const column = isAsWritten ? error.column : undefined;
    const place = { ...placeIn(where)(key), column, cause: error };
    const reason = `Cannot read ${key}: ${error.reason}`;
    if (error.unknownName === undefined) throw new ConfigError(reason, place);
    throw new UnknownNameError(reason, error.unknownName, place);
  }
}

/** Tells the places of options in a section. */
export function placeIn(where: IniSection): Place {
  return (key) => ({
    section: where.name,
    key,
    line: key === undefined ? where.line : where.lineOf(key) ?? where.line,
  });
}
