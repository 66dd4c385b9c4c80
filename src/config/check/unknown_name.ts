import type { ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { isDict } from "../../core/python/py_repr.ts";
import type { BoundArguments, ObjectSpec, ResolveName } from "../spec/config_spec.ts";
import type { ParsedConfig } from "../text/config_text.ts";

/** Stands for the object of a name that is not registered, so that all else can be read. */
export class UnknownName {
  /** As it is written, without `ext://`. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Finds names as `resolve` does; one that is not found is stood in for, and put into `unknown`. */
export function resolveOrStandIn(resolve: ResolveName, unknown: Set<string>): ResolveName {
  return (name) => {
    const found = resolve(name);
    if (found === undefined) unknown.add(name);
    return found ?? { value: new UnknownName(name) };
  };
}

/** An unknown name, with its key in a part of a dict. */
export interface UnknownNameAt {
  readonly key: string;
  readonly name: string;
}

/** Keys of a formatter in the order in which they are its arguments. */
const FORMATTER_KEYS = ["format", "datefmt", "style", "validate"];

/** The unknown names in a part of a dict. */
export function unknownNamesIn(
  spec: ObjectSpec,
  { args, kwargs, words = new Map() }: BoundArguments,
): UnknownNameAt[] {
  const values: [key: string, value: unknown][] = [
    ["class", spec.className],
    ["()", spec.factory],
    ...args.map((value, index): [string, unknown] => [FORMATTER_KEYS[index] ?? "args", value]),
    ...[...kwargs, ...words].map(([key, value]): [string, unknown] => [String(key), value]),
  ];
  return values.flatMap(([key, value]) => namesIn(value).map((name) => ({ key, name })));
}

function namesIn(value: unknown): string[] {
  if (value instanceof UnknownName) return [value.name];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isDict(value) ? Object.values(value).flatMap(namesIn) : [];
}

/** The first place in a dict at which a text stands, by its path; undefined in a `.conf`. */
export function findText(parsed: ParsedConfig, text: string): ConfigErrorOptions | undefined {
  return parsed.kind === "dict" ? findIn(parsed.dict, text, undefined) : undefined;
}

function findIn(
  dict: object,
  text: string,
  section: string | undefined,
): ConfigErrorOptions | undefined {
  for (const [key, value] of Object.entries(dict)) {
    if (value === text) return { section, key };
    if (typeof value !== "object" || value === null) continue;
    const found = findIn(value, text, section === undefined ? key : `${section}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
