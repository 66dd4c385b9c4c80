import { isDict, pyRepr } from "../../core/python/py_repr.ts";

/**
 * Returns an argument that has to be a dict.
 *
 * @throws {TypeError} It is none.
 */
export function requireDict(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isDict(value)) return value;
  throw new TypeError(`Cannot use ${what} ${pyRepr(value)}: it must be a dict`);
}
