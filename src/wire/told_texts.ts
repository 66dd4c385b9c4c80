/** Longest name of a thread, and of other things that have names, that a sender believes. */
export const MAX_NAME = 1000;

/**
 * A name as others are told it. Names are a program's choice, or that of whoever sends it a
 * configuration, and a sender believes nothing of an answer that has a longer one.
 */
export function toldName(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}

/** The same for all texts in something that is told, but for the keys of it. */
export function toldTexts<T>(value: T): T {
  return tell(value) as T;
}

function tell(value: unknown): unknown {
  if (typeof value === "string") return toldName(value);
  if (Array.isArray(value)) return value.map(tell);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tell(part)]));
}
