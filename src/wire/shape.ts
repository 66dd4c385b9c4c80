/**
 * Reads a value of a kind from JSON that anybody may have written; `field` says where it stands.
 *
 * @throws {ShapeError} The value is of another kind.
 */
export type Read<T> = (value: unknown, field: string) => T;

/** An answer of a listener that is not as it has to be. */
export class ShapeError extends Error {
  /** Name of the class. */
  override readonly name = "ShapeError";

  /** Names the first field that is wrong. */
  constructor(field: string) {
    super(`its answer makes no sense (field ${field || "none"})`);
  }
}

/** Deepest nesting of an answer: with more, `JSON.stringify` fails. */
const MAX_DEPTH = 64;

/** A text of at most so many characters. */
export function text(longest: number): Read<string> {
  return check((value) => typeof value === "string" && value.length <= longest);
}

/** A whole number, 0 to `most`. */
export function count(most: number = Number.MAX_SAFE_INTEGER): Read<number> {
  return check((value) => Number.isInteger(value) && 0 <= Number(value) && Number(value) <= most);
}

/** Any number that JSON can say. */
export const number: Read<number> = check((value) => typeof value === "number");

/** A time as `toISOString` writes it. */
export const isoTime: Read<string> = check((value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
);

/** Any value, unless there is none or it is nested too deep. */
export const anything: Read<unknown> = check((value) =>
  value !== undefined && isShallow(value, MAX_DEPTH)
);

/** One of some values. */
export function oneOf<T>(...values: readonly T[]): Read<T> {
  return check((value) => (values as readonly unknown[]).includes(value));
}

/** A value of the kind, or nothing at all. */
export function optional<T>(read: Read<T>): Read<T | undefined> {
  return (value, field) => value === undefined ? undefined : read(value, field);
}

/** A value of the kind, or `without` if it is left out. */
export function defaulted<T>(read: Read<T>, without: T): Read<T> {
  return (value, field) => value === undefined ? without : read(value, field);
}

/** A value of the kind, or `null`. */
export function nullable<T>(read: Read<T>): Read<T | null> {
  return (value, field) => value === null ? null : read(value, field);
}

/** An array of values of a kind. */
export function list<T>(read: Read<T>): Read<readonly T[]> {
  return (value, field) => {
    if (!Array.isArray(value)) throw new ShapeError(field);
    return value.map((item, index) => read(item, `${field}[${index}]`));
  };
}

/** An object with names of any kind, `__proto__` too, and values of one kind. */
export function table<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (value, field) =>
    Object.fromEntries(
      Object.entries(objectOf(value, field)).map(([key, item]) => [key, read(item, field)]),
    );
}

/** The readers of an object's fields. */
export type Shape<T> = { readonly [Key in keyof Required<T>]: Read<T[Key]> };

/** An object with these fields; others, such as a newer listener's, are left out. */
export function fields<T>(reads: Shape<T>): Read<T> {
  return (value, field) => {
    const object = objectOf(value, field);
    const read: Record<string, unknown> = {};
    for (const [key, one] of Object.entries<Read<unknown>>(reads)) {
      const own = Object.hasOwn(object, key) ? object[key] : undefined;
      const found = one(own, field === "" ? key : `${field}.${key}`);
      if (found !== undefined) read[key] = found;
    }
    return read as T;
  };
}

function check<T>(fits: (value: unknown) => boolean): Read<T> {
  return (value, field) => {
    if (!fits(value)) throw new ShapeError(field);
    return value as T;
  };
}

function objectOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError(field);
  }
  return value as Readonly<Record<string, unknown>>;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}
