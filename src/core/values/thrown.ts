/** Whether a value is an error; a proxy may throw when it is asked, and counts as none then. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/** The value of a property of anything, or the text of what its getter threw. */
export function readOrTell(holder: object, name: string | number): unknown {
  try {
    return (holder as Record<string | number, unknown>)[name];
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
    return String(value);
  } catch {
    return `${typeof value} that cannot be read`;
  }
}

/** What went wrong, in the words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const message = isError(error) ? readOrTell(error, "message") : undefined;
  return typeof message === "string" ? message : thrownText(error);
}
