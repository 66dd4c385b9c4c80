/** Whether Python would call the value true: empty lists and dicts are not. */
export function isTrue(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  const prototype = Object.getPrototypeOf(value);
  const isDict = prototype === Object.prototype || prototype === null;
  return !isDict || Object.keys(value).length > 0;
}
