import { isError } from "../values/thrown.ts";

/**
 * What a log call takes beside message and arguments, Python's keyword arguments.
 *
 * @example
 * ```ts
 * import { getLogger, type LogOptions } from "@logdial/logging";
 *
 * const options: LogOptions = { extra: { request: "a1" }, stack_info: true };
 * getLogger("app").info("%d rows", 3, options);
 * ```
 */
export interface LogOptions {
  /** Fields to add to the record. */
  extra?: Readonly<Record<string, unknown>>;
  /** An error to append with its stack and causes. */
  exc_info?: unknown;
  /** Whether to append the call stack. @default false */
  stack_info?: boolean;
  /** Frames to go out for the caller, 1 being the direct one. @default 1 */
  stacklevel?: number;
}

/** The arguments of a log call, told apart. */
export interface SplitArguments {
  /** What belongs to the message. */
  readonly args: readonly unknown[];
  /** The error to append, if any. */
  readonly error: unknown;
  /** The options, if any were given. */
  readonly options: LogOptions | undefined;
}

const OPTION_NAMES = new Set(["extra", "exc_info", "stack_info", "stacklevel"]);

/**
 * Tells the message's arguments from what stands behind them: an object that holds
 * nothing but {@linkcode LogOptions}, and an error.
 *
 * A trailing error is appended to the line; it is also an argument if the message has a
 * placeholder for it.
 */
export function splitArguments(message: unknown, args: readonly unknown[]): SplitArguments {
  let rest = args;
  const options = takeOptions(message, rest);
  if (options !== undefined) rest = rest.slice(0, -1);
  // There is no current exception in JavaScript that `true` could stand for.
  let error = options?.exc_info === true ? undefined : options?.exc_info;
  const last = rest.at(-1);
  if (isError(last)) {
    error ??= last;
    if (countPlaceholders(message) < rest.length) rest = rest.slice(0, -1);
  } else if (isError(message)) {
    error ??= message;
  }
  return { args: rest, error, options };
}

function takeOptions(message: unknown, args: readonly unknown[]): LogOptions | undefined {
  const last = args.at(-1);
  if (typeof last !== "object" || last === null) return undefined;
  try {
    return readOptions(message, args, last);
  } catch {
    // What cannot be read is an argument: whoever formats it says why.
    return undefined;
  }
}

function readOptions(
  message: unknown,
  args: readonly unknown[],
  last: LogOptions,
): LogOptions | undefined {
  let isEmpty = true;
  for (const key in last) {
    if (!OPTION_NAMES.has(key)) return undefined;
    isEmpty = false;
  }
  if (isEmpty) return undefined;
  // A message with named placeholders may ask for a field called "extra".
  if (args.length === 1 && typeof message === "string" && message.includes("%(")) return undefined;
  // Read once: what a getter gives may be another thing each time.
  const { extra, exc_info, stack_info, stacklevel } = last;
  return { extra, exc_info, stack_info, stacklevel };
}

/** Arguments that all belong to the message, and options given apart from them. */
export function withOptions(args: readonly unknown[], options: LogOptions): SplitArguments {
  try {
    return { args, error: options.exc_info, options };
  } catch (error) {
    // What went wrong goes with the line.
    return { args, error, options: undefined };
  }
}

/** How many arguments the placeholders of the message take. */
export function countPlaceholders(message: unknown): number {
  if (typeof message !== "string") return 0;
  let count = 0;
  for (const [text] of message.matchAll(/%[#0\- +]*(\*|\d+)?(\.(\*|\d+)?)?[hlL]?./gs)) {
    if (text !== "%%") count += 1 + text.split("*").length - 1;
  }
  return count;
}
