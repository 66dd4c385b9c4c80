import { quote } from "../../core/errors/quote.ts";

/**
 * Refuses what is no number; as in Python, `true` is one. CPython would take it, and fail at each
 * rollover.
 */
export function requireNumber(name: string, value: unknown): void {
  if (typeof value === "number" || typeof value === "boolean") return;
  throw new TypeError(`Cannot use ${name} ${quote(value)}: it must be a number`);
}
