import { isPlainObject, quietStr } from "../core/python/py_repr.ts";
import type { Dial } from "../core/loggers/dial.ts";
import type { Fields } from "../core/records/shared_fields.ts";
import { isError } from "../core/values/thrown.ts";

/** The fields and the error of a call, for libraries in which all arguments are alike. */
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

/** Arguments of which a text is made for those who watch, without what they may not see. */
export function watchedArguments(dial: Dial, args: readonly unknown[]): readonly unknown[] {
  return Object.values(dial.watched({ ...args }));
}

/**
 * The text that `textOf` makes of a call's arguments for those who watch, without what they may not
 * see. The error, which they see with its stack beside the text, is in it without the stack.
 */
export function watchedText(
  dial: Dial,
  args: readonly unknown[],
  error: Error | undefined,
  textOf: (data: readonly unknown[]) => string,
): string {
  const shown = watchedArguments(dial, args);
  if (error === undefined || !args.includes(error)) return textOf(shown);
  const data = shown.map((value, at) => args[at] === error ? quietStr(value) : value);
  // Percent signs of the error's own text are no placeholders.
  return textOf(args[0] === error ? ["%s", ...data] : data);
}

/**
 * The result of `read`, or `otherwise` if that throws, as a proxy may. A bridge must not end a call
 * that the library itself would drop, or write.
 */
export function readOr<T, Otherwise>(otherwise: Otherwise, read: () => T): T | Otherwise {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
