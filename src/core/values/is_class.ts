/** Whether a value is a class, the program's or a built-in one: its prototype is for good. */
export function isClass(value: unknown): value is new (...args: never[]) => unknown {
  return typeof value === "function" &&
    Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
}
