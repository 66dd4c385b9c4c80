/**
 * Whether two arguments are the same: texts and numbers by value, lists and dicts by what is in them,
 * all else by identity.
 */
export function isSameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => isSameValue(item, right[at]));
  }
  const one = entriesOf(left), other = entriesOf(right);
  if (one === undefined || other === undefined || one.size !== other.size) return false;
  return [...one].every(([key, value]) => other.has(key) && isSameValue(value, other.get(key)));
}

function entriesOf(value: unknown): ReadonlyMap<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  const isPlain = typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? new Map(Object.entries(value)) : undefined;
}
