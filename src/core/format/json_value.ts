import { isPlainObject } from "../python/py_repr.ts";
import { hearAll } from "../values/on_rejection.ts";
import { cutText, JsonWriter, LONGEST_TEXT } from "./json_writer.ts";

/** Deepest nesting that counts as plain data. */
const PLAIN_DEPTH = 5;
/** Most items and properties, in all, that count as plain data. */
const PLAIN_SIZE = 10_000;

/** The JSON of any value, whatever it is; see {@linkcode JsonWriter}. */
export function jsonOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(cutText(value));
    case "number":
      if (Number.isFinite(value)) return String(value);
      break;
    case "boolean":
      return value ? "true" : "false";
  }
  return new JsonWriter().write(value);
}

/** How much of {@linkcode PLAIN_SIZE} is left, and of the characters that one line may have. */
let sizeLeft = 0, textLeft = 0;

/** Stands for what is not plain data. */
const NOT_PLAIN = Symbol();

/**
 * The JSON of a plain object, written by the engine at once; undefined unless all of it is plain
 * data under names that are not taken.
 *
 * A copy is written, since a getter may give another value when it is read again.
 */
export function plainJson(
  fields: Readonly<Record<string, unknown>>,
  isTaken: (name: string) => boolean,
): string | undefined {
  sizeLeft = PLAIN_SIZE;
  textLeft = LONGEST_TEXT;
  try {
    const copy: Record<string, unknown> = { ...fields };
    if (!makePlain(copy, isTaken)) {
      hearAll(fields, copy);
      return undefined;
    }
    const json = JSON.stringify(copy);
    // A program may have given all objects a `toJSON`.
    return json[0] === "{" ? json : undefined;
  } catch {
    // A getter has thrown: the slow way reads the values one by one, and tells which it was.
    return undefined;
  }
}

/** Puts copies in place of what a copy holds; whether all of it is plain data. */
function makePlain(copy: Record<string, unknown>, isTaken: (name: string) => boolean): boolean {
  for (const name in copy) {
    if (isTaken(name)) return false;
    const value = copy[name];
    switch (typeof value) {
      case "string":
        textLeft -= value.length;
        continue;
      case "number":
        if (Number.isFinite(value)) continue;
        return false;
      case "boolean":
      case "undefined":
        continue;
      case "object": {
        if (value === null) continue;
        const inner = plainCopy(value, PLAIN_DEPTH - 1);
        if (inner === NOT_PLAIN) return false;
        copy[name] = inner;
        continue;
      }
      default:
        return false;
    }
  }
  return textLeft >= 0;
}

/** A copy of plain data, for which the engine writes what {@linkcode JsonWriter} would write. */
function plainCopy(value: object, depth: number): object | typeof NOT_PLAIN {
  if (depth === 0) return NOT_PLAIN;
  if (Array.isArray(value)) return plainItems(value, depth);
  if (!isPlainObject(value)) return NOT_PLAIN;
  const copy: Record<string, unknown> = { ...value };
  if (makeInnerPlain(copy, depth)) return copy;
  hearAll(value, copy);
  return NOT_PLAIN;
}

function makeInnerPlain(copy: Record<string, unknown>, depth: number): boolean {
  for (const name in copy) {
    if (sizeLeft-- < 0) return false;
    const item = copy[name];
    if (typeof item === "object" && item !== null) {
      const inner = plainCopy(item, depth - 1);
      if (inner === NOT_PLAIN) return false;
      copy[name] = inner;
    } else if (!isPlainScalar(item)) return false;
  }
  return true;
}

function plainItems(value: readonly unknown[], depth: number): unknown[] | typeof NOT_PLAIN {
  if (value.length > sizeLeft) return NOT_PLAIN;
  sizeLeft -= value.length;
  const copy = [...value];
  for (let at = 0; at < copy.length; at++) {
    const item = copy[at];
    if (typeof item === "object" && item !== null) {
      const inner = plainCopy(item, depth - 1);
      if (inner === NOT_PLAIN) return NOT_PLAIN;
      copy[at] = inner;
    } else if (!isPlainScalar(item)) return NOT_PLAIN;
  }
  return copy;
}

function isPlainScalar(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      textLeft -= value.length;
      return textLeft >= 0;
    case "number":
      return Number.isFinite(value);
    case "boolean":
    case "undefined":
      return true;
    default:
      return value === null;
  }
}
