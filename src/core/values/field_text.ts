import { readOrTell, thrownText } from "./thrown.ts";

/**
 * The text of what stands under a dotted path, such as `request.id`; undefined for nothing. A name
 * with dots in it counts before a path.
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
    // Such as a date or a URL, which is a text there.
    return json?.startsWith('"') ? JSON.parse(json) as string : json;
  } catch (error) {
    // Such as a circle: nobody can have asked for that.
    return `[throws: ${thrownText(error)}]`;
  }
}
