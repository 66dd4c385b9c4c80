import { reportHandlerError } from "../io/diagnostics.ts";
import { DEBUG, ERROR, INFO, WARNING } from "../levels/levels.ts";
import { isDelivering } from "../handlers/handler.ts";
import { isInCall } from "./log_call.ts";
import { defaultManager } from "./manager.ts";
import { nodeModule } from "../runtime/node_modules.ts";
import { LogRecord } from "../records/log_record.ts";
import { thrownText } from "../values/thrown.ts";

/** Name of the logger that captured calls of `console` go to, as `py.warnings` in Python. */
const CONSOLE_LOGGER = "js.console";

/** The methods of `console` that log. */
export type ConsoleMethod = "debug" | "log" | "info" | "warn" | "error" | "trace";

/** The level at which each of them logs. */
export const CONSOLE_LEVELS: Readonly<Record<ConsoleMethod, number>> = {
  debug: DEBUG,
  trace: DEBUG,
  log: INFO,
  info: INFO,
  warn: WARNING,
  error: ERROR,
};

type ConsoleFunction = (...data: unknown[]) => void;

const originals = new Map<ConsoleMethod, ConsoleFunction>();
/** The console that they are of: a program may put another one in its place. */
let owner = console;
/** Whether a captured call is under way, whose values may write with `console` as well. */
let inside = false;

/**
 * Sends what the program and its libraries write with `console` to the logger
 * `js.console`, or no longer (`logging.captureWarnings`).
 *
 * It is the console of that moment: who puts another one in its place captures anew.
 * `debug` and `trace` are logged at DEBUG, `log` and `info` at INFO, `warn` at WARNING,
 * `error` at ERROR; `trace` with the call stack. What a handler itself writes with
 * `console` while it emits is not captured, nor what a filter or a value writes.
 *
 * Differs from CPython: that captures the warnings of the interpreter, and adds a
 * `NullHandler`; here the last resort still shows what nobody else would.
 *
 * @example
 * ```ts
 * import { basicConfig, captureConsole } from "@logdial/logging";
 *
 * basicConfig({ level: "INFO" });
 * captureConsole(true);
 * console.log("%d rows", 3); // INFO:js.console:3 rows
 * ```
 */
export function captureConsole(capture: boolean): void {
  const methods = Object.keys(CONSOLE_LEVELS) as ConsoleMethod[];
  if (!capture || owner !== console) methods.forEach(restore);
  if (!capture) return;
  owner = console;
  methods.forEach(replace);
}

function replace(method: ConsoleMethod): void {
  if (originals.has(method)) return;
  const target = owner, original = target[method] as ConsoleFunction;
  originals.set(method, original);
  const level = CONSOLE_LEVELS[method];
  const captured: ConsoleFunction = (...data) => {
    if (inside || isInCall() || isDelivering()) return original.apply(target, data);
    inside = true;
    try {
      const logger = defaultManager.getLogger(CONSOLE_LOGGER);
      if (!logger.isEnabledFor(level)) return;
      // No arguments: a percent sign in the text is none of ours.
      logger.logFrom(captured, level, consoleText(data), [], { stack_info: method === "trace" });
    } catch (error) {
      // A logger class of the program's own may throw in its constructor.
      reportHandlerError(
        new LogRecord("", level, { above: captured, stacklevel: 1 }, 0, data),
        error,
      );
    } finally {
      inside = false;
    }
  };
  target[method] = captured;
}

function restore(method: ConsoleMethod): void {
  const original = originals.get(method);
  if (original === undefined) return;
  owner[method] = original;
  originals.delete(method);
}

/** How deep `console` shows what objects hold; Node.js' `format` shows two of them. */
const CONSOLE_DEPTH = 4;

/** The text that `console` would have written, also for values for which `console` throws. */
export function consoleText(data: readonly unknown[]): string {
  return textOf(data, { depth: CONSOLE_DEPTH });
}

/** The text that Node.js' libraries make of the same arguments. */
export function nodeText(data: readonly unknown[]): string {
  return textOf(data, {});
}

function textOf(data: readonly unknown[], options: { readonly depth?: number }): string {
  const { formatWithOptions } = nodeModule("node:util");
  try {
    return formatWithOptions(options, ...data);
  } catch {
    return data.map((value) => {
      try {
        return formatWithOptions(options, value);
      } catch (error) {
        return `[throws: ${thrownText(error)}]`;
      }
    }).join(" ");
  }
}
