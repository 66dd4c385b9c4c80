/** Longest name, of a thread or of anything else, that a sender takes from a listener. */
export const MAX_NAME = 1000;

/** Longest text about an error that a listener tells, and that a sender takes, in characters. */
export const MAX_MESSAGE = 2000, MAX_ERROR: number = 2 * MAX_MESSAGE;

/**
 * A name in the form in which others are told it: shortened if it is too long. Programs choose names,
 * and senders of configurations do; a sender refuses an answer that has a longer one.
 */
export function toldName(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}

/** Shortens all texts in a value, but not its keys, as {@linkcode toldName} does. */
export function toldTexts<T>(value: T): T {
  return tell(value) as T;
}

function tell(value: unknown): unknown {
  if (typeof value === "string") return toldName(value);
  if (Array.isArray(value)) return value.map(tell);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tell(part)]));
}
