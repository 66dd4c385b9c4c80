import { onRejection } from "../values/on_rejection.ts";
import { typeName } from "../python/py_repr.ts";

/**
 * The text that a formatter has made.
 *
 * @throws {TypeError} It is none, such as the promise of an `async` method.
 */
export function requireText(text: unknown): string {
  if (typeof text === "string") return text;
  // It is refused already; that it rejects as well is no news.
  onRejection(text, () => {});
  throw new TypeError(`Cannot write a value of type ${typeName(text)}: a formatter must make text`);
}

/**
 * The text that a formatter has made of a time, an error or a stack; undefined where it makes none.
 *
 * @throws {TypeError} It is neither.
 */
export function optionalText(text: unknown): string | undefined {
  return text === undefined || text === null ? undefined : requireText(text);
}
