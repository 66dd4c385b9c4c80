import { heard, onRejection } from "./on_rejection.ts";

/**
 * Whether a value is an error, of another realm such as one of `node:vm` too; a proxy may throw
 * when it is asked, and counts as none then.
 */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || typeof value === "object" && Error.isError(value);
  } catch {
    return false;
  }
}

/** Names under which an error has the errors that it is made of; none for most. */
export function partNames(error: Error): readonly string[] {
  if (isOfKind(error, AggregateError)) return ["errors"];
  // `using` throws this if a block and its end have failed; its own message names neither error.
  return isOfKind(error, SuppressedError) ? ["error", "suppressed"] : [];
}

/** Whether an error is of a class, also of that class in another realm, by the name. */
function isOfKind(error: Error, kind: { new (...args: never[]): Error; name: string }): boolean {
  return error instanceof kind || readOrTell(error, "name") === kind.name;
}

/** The value of a property of anything, or the text of what its getter threw. */
export function readOrTell(holder: object, name: string | number): unknown {
  try {
    const value = (holder as Record<string | number, unknown>)[name];
    return typeof value === "object" ? heard(holder, name, value) : value;
  } catch (error) {
    return `[throws: ${thrownText(error)}]`;
  }
}

/** Whatever was thrown in one line, `TypeError: no`; it never throws itself. */
export function thrownText(thrown: unknown): string {
  if (!isError(thrown)) return quietText(thrown);
  const name = quietRead(thrown, "name") || "Error";
  const message = quietRead(thrown, "message");
  return message === "" ? name : `${name}: ${message}`;
}

/** A property as text, for an error whose own getters throw as well. */
function quietRead(error: Error, name: "name" | "message"): string {
  try {
    const value: unknown = error[name];
    return value === undefined ? "" : quietText(value);
  } catch {
    return `(its ${name} cannot be read)`;
  }
}

function quietText(value: unknown): string {
  try {
    if (typeof value !== "object" || value === null) return String(value);
    const text: unknown = value.toString();
    // An `async toString` gives a promise, which nobody awaits.
    onRejection(text, () => {});
    return `${text}`;
  } catch {
    return `${typeof value} that cannot be read`;
  }
}

/** What went wrong, in the words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const message = isError(error) ? readOrTell(error, "message") : undefined;
  return typeof message === "string" ? message : thrownText(error);
}
