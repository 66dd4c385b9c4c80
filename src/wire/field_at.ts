/**
 * The text of what stands in a record under a dotted path, such as `request.id`; undefined for
 * nothing. A name with dots in it counts before a path.
 */
export function fieldAt(record: object, path: string): string | undefined {
  if (Object.hasOwn(record, path)) return textOf((record as Record<string, unknown>)[path]);
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const name = path.slice(0, dot);
    const part = Object.hasOwn(record, name)
      ? (record as Record<string, unknown>)[name]
      : undefined;
    if (typeof part !== "object" || part === null) continue;
    const found = fieldAt(part, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
