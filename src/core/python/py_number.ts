import { pythonError, typeName } from "./py_repr.ts";

/** Whether a value counts as a Python `int` (JS cannot tell 1.0 from 1; a Python `bool` is an `int`). */
export function isInteger(value: unknown): value is number | bigint | boolean {
  return typeof value === "number"
    ? Number.isInteger(value)
    : typeof value === "bigint" || typeof value === "boolean";
}

/** Digits of an integer, all of them however large it is. */
export function integerText(value: number | bigint | boolean, radix: number): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    value = BigInt(value);
  }
  return value.toString(radix);
}

/** Converts a value to a number as CPython converts it to a C double. */
export function toFloat(value: unknown): number {
  if (typeof value === "number") return value;
  if (!isInteger(value)) {
    throw pythonError("TypeError", `must be real number, not ${typeName(value)}`);
  }
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw pythonError("OverflowError", "int too large to convert to float");
}
