import { isPlainObject, pyRepr } from "../python/py_repr.ts";

/** Prints as Python's `None`. */
class PyNone {
  toString(): string {
    return "None";
  }
}

/** Prints as a tuple. */
class PyTuple {
  readonly #items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.#items = items;
  }

  toString(): string {
    const items = this.#items.map(pyRepr).join(", ");
    return this.#items.length === 1 ? `(${items},)` : `(${items})`;
  }
}

const NONE = new PyNone();

/** A field of a record as formats print it, where that is not what JavaScript has. */
export function pyField(name: string, value: unknown): unknown {
  if (value === undefined) return NONE;
  if (name !== "args" || !Array.isArray(value)) return value;
  const [only] = value;
  // A mapping alone stands for itself.
  const isMapping = value.length === 1 && typeof only === "object" && only !== null &&
    isPlainObject(only) && Object.keys(only).length > 0;
  return isMapping ? only : new PyTuple(value);
}
