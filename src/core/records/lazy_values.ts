import { type ReportedRecord, reportHandlerError } from "../io/diagnostics.ts";
import { isClass } from "../values/is_class.ts";
import { onRejection } from "../values/on_rejection.ts";
import { thrownText } from "../values/thrown.ts";

/** Whether a value is a function that is called for the value meant, once a record is written. */
export function isLazy(value: unknown): value is () => unknown {
  if (typeof value !== "function") return false;
  try {
    // One that wants arguments is a value itself: nobody could give it any.
    return value.length === 0 && !isClass(value);
  } catch {
    // A proxy that cannot be asked.
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

/** What the function gives, or what it throws, which is told on stderr; other values as they are. */
export function called(value: unknown, record: ReportedRecord): unknown {
  if (!isLazy(value)) return value;
  try {
    const result = value();
    // That of an `async` function, which nobody awaits.
    if (result instanceof Promise) {
      // The caller, which cannot be found later.
      void record.pathname;
      onRejection(result, (error) => reportHandlerError(record, error));
    }
    return result;
  } catch (error) {
    reportHandlerError(record, error);
    return `[throws: ${thrownText(error)}]`;
  }
}
