import { ConfigError } from "../../core/errors/config_error.ts";
import { isTrue } from "../../core/python/py_truth.ts";
import { ConvertingDict, ConvertingList } from "./converter.ts";
import type { Place } from "../spec/config_spec.ts";
import { notOneName } from "../spec/unknown_name_error.ts";

/** Arguments of a class or factory: all keys but the attributes. */
export function keywords(config: ConvertingDict, place: Place): Map<string, unknown> {
  const kwargs = new Map<string, unknown>();
  for (const key of config.keys()) {
    if (key === ".") continue;
    if (!/^[a-z_][a-z0-9_]*$/i.test(key)) {
      throw new ConfigError(`Cannot use "${key}" as an argument: it must be an identifier`, {
        ...place(key),
      });
    }
    kwargs.set(key, config.plain(key));
  }
  return kwargs;
}

/** As in CPython, references in attributes stay text. */
export function attributes(value: unknown, place: Place): Map<string, unknown> {
  if (!isTruePart(value)) return new Map();
  return new Map(asDict(value, 'attributes "."', place).entries());
}

/**
 * The names in a list; as in Python, those in a dict are its keys, and those in a text its letters.
 *
 * @throws {ConfigError} It is none, or a text some letter of which is not `defined`: then it is one
 * name, for which the letters would be told as unknown one by one.
 */
export function sequence(
  value: unknown,
  key: string,
  place: Place,
  defined: unknown,
): readonly unknown[] {
  if (!isTruePart(value)) return [];
  if (value instanceof ConvertingList) return value.items;
  if (value instanceof ConvertingDict) return value.keys();
  if (typeof value !== "string") {
    throw new ConfigError(`Cannot read ${key}: it must be a list of names`, { ...place(key) });
  }
  const letters = [...value];
  if (letters.every((one) => defined instanceof ConvertingDict && defined.has(one))) return letters;
  throw notOneName(key, value, place);
}

/**
 * The value if it is a dict.
 *
 * @throws {ConfigError} It is not.
 */
export function asDict(value: unknown, what: string, place: Place): ConvertingDict {
  if (value instanceof ConvertingDict) return value;
  throw new ConfigError(`Cannot read ${what}: it must be an object`, { ...place() });
}

/**
 * Whether Python would call the value true, which may be a dict or list that converts its values.
 */
export function isTruePart(value: unknown): boolean {
  if (value instanceof ConvertingDict) return value.size > 0;
  if (value instanceof ConvertingList) return value.items.length > 0;
  return isTrue(value);
}

/** A place by its path in the dict. */
export function pathPlace(path: string): Place {
  return (key) => ({ section: path, key });
}
