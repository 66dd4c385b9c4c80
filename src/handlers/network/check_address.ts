import { pyRepr } from "../../core/python/py_repr.ts";

/*
 * Differs from CPython: that takes anything, and each record fails.
 */

/**
 * Makes sure that a value can be a host or another name; messages call it `what`.
 *
 * @throws {TypeError} The value is no text.
 */
export function requireName(value: unknown, what: string): void {
  if (typeof value === "string") return;
  throw new TypeError(`Cannot send to ${what} ${pyRepr(value)}: it must be a text`);
}

/**
 * The number of a port, which may be given as text; null for none; messages call it `what`. Nobody
 * can be reached at port 0, which only stands for another one where `least` is 0.
 *
 * @throws {TypeError} Neither a number nor one as text.
 * @throws {RangeError} No port has that number.
 */
export function readPort(port: unknown, what = "port", least = 1): number | null {
  if (port === null || port === undefined) return null;
  const number = typeof port === "string" && /^\d+$/.test(port) ? Number(port) : port;
  if (typeof number !== "number" || !Number.isInteger(number)) {
    throw new TypeError(`Cannot send to ${what} ${pyRepr(port)}: it must be a whole number`);
  }
  if (number >= least && number <= 65_535) return number;
  throw new RangeError(`Cannot send to ${what} ${number}: it must be from ${least} to 65535`);
}

/**
 * Makes sure that credentials are a pair of texts; messages do not show them, since one may be a
 * password.
 *
 * @throws {TypeError} They are no pair.
 */
export function requireCredentials(credentials: unknown): void {
  if (credentials === undefined || credentials === null) return;
  if (Array.isArray(credentials) && credentials.length === 2) return;
  throw new TypeError("Cannot use the credentials: they must be a user and a password");
}
