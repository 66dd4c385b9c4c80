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
  return readOr({ fields: undefined, error: undefined }, () => {
    const hasFields = args.length > 1 && typeof last === "object" && last !== null &&
      isPlainObject(last);
    return { fields: hasFields ? last as Fields : undefined, error: args.find(isError) };
  });
}

/**
 * What can be read of a call, or `otherwise` where that throws, such as a proxy that cannot be asked:
 * a bridge may not end a call that the library itself would drop, or write.
 */
export function readOr<T, Otherwise>(otherwise: Otherwise, read: () => T): T | Otherwise {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
