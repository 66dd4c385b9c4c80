import { className } from "../values/class_name.ts";

/** Shows a value in a message, briefly, whatever it is. */
export function quote(value: unknown): string {
  try {
    return quoteAny(value, 0);
  } catch {
    // A proxy may throw even when it is asked for its class.
    return "an object";
  }
}

/** How deep lists in lists are shown, since a list may hold itself. */
const MAX_DEPTH = 2;

function quoteAny(value: unknown, depth: number): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (Array.isArray(value)) {
    if (depth === MAX_DEPTH) return "a list";
    return value.length > 8
      ? "a long list"
      : `[${value.map((item) => quoteAny(item, depth + 1)).join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) return quoteObject(value);
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "function" ? "a function" : String(value);
}

/** Shows an object by its class, which says more than its contents. */
function quoteObject(value: object): string {
  if (value instanceof Promise) return "a promise (await it)";
  const name = className(value);
  const isTelling = /^[A-Z]\w*$/.test(name) && name !== "Object";
  return isTelling ? `an object of class ${name}` : "an object";
}
