import { readOrTell, thrownText } from "./thrown.ts";

/**
 * The text of the value at a dotted path, such as `request.id`; undefined if there is none. A field
 * whose own name has these dots counts first.
 */
export function fieldText(fields: object, path: string): string | undefined {
  if (Object.hasOwn(fields, path)) return textOf(readOrTell(fields, path));
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const name = path.slice(0, dot);
    const part = Object.hasOwn(fields, name) ? readOrTell(fields, name) : undefined;
    if (typeof part !== "object" || part === null) continue;
    const found = fieldText(part, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    const json = JSON.stringify(value);
    // A date or a URL, for example, becomes a text in JSON.
    return json?.startsWith('"') ? JSON.parse(json) as string : json;
  } catch (error) {
    // A circle, for example, has no JSON: nobody can have asked for its text.
    return `[throws: ${thrownText(error)}]`;
  }
}
