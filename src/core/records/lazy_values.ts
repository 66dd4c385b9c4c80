import { type ReportedRecord, reportHandlerError } from "../io/diagnostics.ts";
import { isClass } from "../values/is_class.ts";
import { onRejection } from "../values/on_rejection.ts";
import { thrownText } from "../values/thrown.ts";

/** Whether a value is a function that is called for the value meant, once a record is written. */
export function isLazy(value: unknown): value is () => unknown {
  if (typeof value !== "function") return false;
  try {
    // A function with parameters counts as a value: nobody could give it arguments.
    return value.length === 0 && !isClass(value);
  } catch {
    // A proxy may throw when it is asked.
    return false;
  }
}

/** Whether there is such a function among the arguments. */
export function hasLazy(args: readonly unknown[]): boolean {
  for (let at = 0; at < args.length; at++) {
    if (typeof args[at] === "function" && isLazy(args[at])) return true;
  }
  return false;
}

/** The result of a lazy value, or the text of its error, which is told on stderr; else the value itself. */
export function called(value: unknown, record: ReportedRecord): unknown {
  if (!isLazy(value)) return value;
  try {
    const result = value();
    // Nobody awaits the promise of an `async` function.
    if (result instanceof Promise) {
      // To read `pathname` looks up the caller, which cannot be found later.
      void record.pathname;
      onRejection(result, (error) => reportHandlerError(record, error));
    }
    return result;
  } catch (error) {
    reportHandlerError(record, error);
    return `[throws: ${thrownText(error)}]`;
  }
}
