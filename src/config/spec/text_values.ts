/** A truth value, also as Python's `getboolean` takes it, since a `.conf` has texts only. */
export function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  if (/^(1|yes|true|on)$/i.test(value)) return true;
  return /^(0|no|false|off)$/i.test(value) ? false : undefined;
}

/** The names in a text like `console, mail`. */
export function splitNames(text: string): string[] {
  return text === "" ? [] : text.split(",").map((name) => name.trim());
}

/** What a text of JSON says, undefined where it is none. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller, with an example.
    return undefined;
  }
}

/** A value without what stands behind it like a comment, which has to have a line of its own. */
export function withoutComment(text: string): string {
  return text.replace(/\s+[;#][^]*$/, "");
}
