import { quote } from "../errors/quote.ts";

/**
 * Fields as calls, bound loggers and contexts give them, by name.
 *
 * @example
 * ```ts
 * import { type Fields, getLogger } from "@logdial/logging";
 *
 * const fields: Fields = { requestId: "a1", user: "kim" };
 * getLogger("app").info("signed in", fields);
 * ```
 */
export type Fields = Readonly<Record<string, unknown>>;

/** Texts of fields under the paths of one scope, kept for the next call. */
export interface ToldTexts {
  /** The test of the scope. */
  readonly by: object;
  readonly texts: readonly (string | undefined)[];
}

const NONE: readonly ToldTexts[] = [];

/**
 * Fields that go into many records: those of a bound logger, or of a context. If they are fixed,
 * what formatters, filters and scopes make of them can be kept.
 */
export class SharedFields {
  readonly values: Fields;
  /** Names of the fields. */
  readonly names: readonly string[];
  /** The text that formatter `by` writes for all of them; undefined if it has to write each by itself. */
  kept: { readonly by: object; readonly text: string | undefined } | undefined = undefined;

  /** Texts that stand under the paths of scopes, which ask at each call; see `scope_gate.ts`. */
  told: readonly ToldTexts[] = NONE;
  #isFixed: boolean | undefined;

  /** Takes the fields, and those that they are added to; the object may change afterwards. */
  constructor(fields: Fields, outer?: SharedFields) {
    this.values = outer === undefined ? { ...fields } : { ...outer.values, ...fields };
    this.names = Object.keys(this.values);
  }

  /** Whether the fields cannot change: they hold no objects, which the program may change. */
  get isFixed(): boolean {
    return this.#isFixed ??= this.names.every((name) => isFixed(this.values[name]));
  }
}

/** Whether a value cannot change: objects may, and a function may give another value each time. */
export function isFixed(value: unknown): boolean {
  return typeof value === "object" ? value === null : typeof value !== "function";
}

/**
 * Refuses fields that are no object, or a map, whose entries are no properties.
 *
 * @throws {TypeError} No object of names.
 */
export function checkFields(fields: unknown): asserts fields is Fields {
  if (typeof fields === "object" && fields !== null && !isCollection(fields)) return;
  throw new TypeError(`Cannot bind fields ${quote(fields)}: they must be an object of names`);
}

/** Whether an object has entries in the place of properties, as a list, a map or `Headers` has. */
function isCollection(value: object): boolean {
  try {
    return Array.isArray(value) || Symbol.iterator in value && Object.keys(value).length === 0;
  } catch {
    // This is a proxy that throws when it is asked: whoever reads it tells the error.
    return false;
  }
}
