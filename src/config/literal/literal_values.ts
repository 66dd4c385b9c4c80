/** Most of arithmetic is for `int` only, so an operand must remember that it is one. */
export type Operand =
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "other"; readonly value: unknown };

const tuples = new WeakSet<object>();

/** Whether `parseLiteral` read the value as a Python tuple; a list is a plain array too. */
export function isPyTuple(value: unknown): value is readonly unknown[] {
  return typeof value === "object" && value !== null && tuples.has(value);
}

/** A value as an operand that arithmetic refuses. */
export function other(value: unknown): Operand {
  return { type: "other", value };
}

/** The value that a function has returned, as an operand. */
export function operandOf(value: unknown): Operand {
  return typeof value === "number" && Number.isInteger(value)
    ? { type: "int", value: BigInt(value) }
    : other(value);
}

/** A Python tuple as an operand. */
export function tuple(items: unknown[]): Operand {
  tuples.add(items);
  return other(Object.freeze(items));
}

/** The JavaScript value of an operand. */
export function plain({ type, value }: Operand): unknown {
  if (type !== "int") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Equal for keys that are equal in Python, where `1 == 1.0 == True`; `undefined` for no key. */
export function hashOf(key: unknown): string | undefined {
  switch (typeof key) {
    case "string":
      return `s${key}`;
    case "boolean":
      return `n${Number(key)}`;
    case "bigint":
      return `n${key}`;
    case "number":
      return `n${Number.isInteger(key) ? BigInt(key) : key}`;
    default:
      if (key instanceof Uint8Array) return `b${key}`;
      return key === null ? "None" : undefined;
  }
}
