import { isPlainObject } from "../core/python/py_repr.ts";
import type { Fields } from "../core/records/shared_fields.ts";
import { isError } from "../core/values/thrown.ts";

/** What a call says beside its message where all arguments are alike. */
export interface ReadArguments {
  /** A plain object at the end. */
  readonly fields: Fields | undefined;
  /** The first error. */
  readonly error: Error | undefined;
}

/** Reads the arguments of a call of a library that knows neither fields nor errors. */
export function readArguments(args: readonly unknown[]): ReadArguments {
  const last = args.at(-1);
  const hasFields = args.length > 1 && typeof last === "object" && last !== null &&
    isPlainObject(last);
  return { fields: hasFields ? last as Fields : undefined, error: args.find(isError) };
}
