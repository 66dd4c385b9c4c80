import { isPyTuple, parseLiteral } from "../../src/config/literal/parse_literal.ts";

/** What a registered name stands for in these tests. */
class Named {
  constructor(readonly name: string) {}
}

/** The registered names. */
export const NAMES = ["sys.stdout", "handlers.SysLogHandler.LOG_USER", "DEBUG", "_x1"];

/** Resolves `NAMES`. */
export const options = {
  resolveName: (name: string) => NAMES.includes(name) ? { value: new Named(name) } : undefined,
};

/** Reads a literal in the form of `spell`. */
export function read(text: string): unknown {
  return spell(parseLiteral(text, options));
}

/** A value in plain JSON, which tells a tuple from a list. */
export function spell(value: unknown): unknown {
  if (isPyTuple(value)) return { tuple: value.map(spell) };
  if (Array.isArray(value)) return value.map(spell);
  if (value instanceof Map) {
    return { dict: [...value].map(([key, item]) => [spell(key), spell(item)]) };
  }
  if (value instanceof Set) {
    return { set: [...value].map((item) => JSON.stringify(spell(item))).sort() };
  }
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof Named) return { name: value.name };
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return { number: Object.is(value, -0) ? "-0" : String(value) };
  return value;
}
