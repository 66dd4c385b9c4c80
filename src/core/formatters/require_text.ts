import { onRejection } from "../values/on_rejection.ts";
import { typeName } from "../python/py_repr.ts";

/**
 * The text that a formatter has made.
 *
 * @throws {TypeError} It is no text, such as the promise of an `async` method.
 */
export function requireText(text: unknown): string {
  if (typeof text === "string") return text;
  // It is refused already, so that its rejection need not be told as well.
  onRejection(text, () => {});
  throw new TypeError(`Cannot write a value of type ${typeName(text)}: a formatter must make text`);
}

/**
 * The text that a formatter has made of a time, an error or a stack; undefined if it has made none.
 *
 * @throws {TypeError} It is neither a text nor undefined.
 */
export function optionalText(text: unknown): string | undefined {
  return text === undefined || text === null ? undefined : requireText(text);
}
