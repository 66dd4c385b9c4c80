import { isPlainObject, pyRepr } from "../python/py_repr.ts";

/** Prints as Python's `None`. */
class PyNone {
  static {
    Object.defineProperty(this, "name", { value: "NoneType" });
  }

  toString(): string {
    return "None";
  }
}

/** The items of what prints as a tuple; undefined for all else. */
export let itemsOfTuple: (value: unknown) => readonly unknown[] | undefined;

/** Prints as a tuple, and has items as one. */
class PyTuple {
  readonly #items: readonly unknown[];

  static {
    Object.defineProperty(this, "name", { value: "tuple" });
    itemsOfTuple = (value) =>
      typeof value === "object" && value !== null && #items in value ? value.#items : undefined;
  }

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
  // A single mapping stands for itself, and is no tuple of one.
  const isMapping = value.length === 1 && typeof only === "object" && only !== null &&
    isPlainObject(only) && Object.keys(only).length > 0;
  return isMapping ? only : new PyTuple(value);
}
