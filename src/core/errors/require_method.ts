import { quote } from "./check_options.ts";

/**
 * Refuses what lacks the method that each record would call, where it is given.
 *
 * @throws {TypeError} Something without it.
 */
export function requireMethod(value: unknown, method: string, use: string, rule: string): void {
  const found: unknown = (value as Record<string, unknown> | null | undefined)?.[method];
  if (typeof found === "function") return;
  throw new TypeError(`Cannot ${use} ${quote(value)}: it must be ${rule}`);
}
