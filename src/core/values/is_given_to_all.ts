/**
 * Whether an object has a property under a name only because the program has given one to all
 * objects, by `Object.prototype`: nobody has meant it for this object.
 */
export function isGivenToAll(value: object, name: string): boolean {
  return !Object.hasOwn(value, name) && Object.hasOwn(Object.prototype, name);
}
