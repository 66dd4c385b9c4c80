/**
 * `console` on the dial: what a program and its libraries write with it is turned by `logdial set`,
 * on every thread, also in the middle of a computation. The lines stay the console's; who wants
 * them in handlers takes `captureConsole` instead.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { bridge } from "@logdial/logging/bridge/console";
 *
 * const undo = bridge();
 * getLogger("console").setLevel("WARNING"); // as `logdial set console=WARNING` does from outside
 * console.log("dropped");
 * undo();
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";
import { checkOptions, isText } from "../core/errors/check_options.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { DEBUG } from "../core/levels/levels.ts";
import {
  CONSOLE_LEVELS,
  type ConsoleMethod,
  consoleText,
} from "../core/loggers/capture_console.ts";
import type { Dial } from "../core/loggers/dial.ts";
import { dialFor } from "./dial_for.ts";
import { Patch } from "./patch.ts";
import { readArguments, watchedText } from "./read_arguments.ts";

const KIND = "console";

/**
 * The part of a console that {@linkcode bridge} puts on the dial.
 *
 * @example
 * ```ts
 * import type { ConsoleLike } from "@logdial/logging/bridge/console";
 *
 * const quiet: ConsoleLike = console;
 * quiet.debug("a line");
 * ```
 */
export type ConsoleLike = Pick<
  Console,
  "debug" | "log" | "info" | "warn" | "error" | "trace"
>;

/**
 * How {@linkcode bridge} is called.
 *
 * @example
 * ```ts
 * import { bridge, type ConsoleBridgeOptions } from "@logdial/logging/bridge/console";
 *
 * const options: ConsoleBridgeOptions = { name: "app.console" };
 * bridge(options)();
 * ```
 */
export interface ConsoleBridgeOptions {
  /** Name of the logger in the tree that turns it. @default "console" */
  readonly name?: string;
  /** Another console than the global one, as some runtimes of tests have. @default console */
  readonly console?: ConsoleLike;
}

type ConsoleFunction = (this: unknown, ...data: unknown[]) => void;

const bridged = new WeakSet<object>();

/**
 * Puts `console` on the dial. `debug` and `trace` are calls at DEBUG, `log` and `info` at INFO,
 * `warn` at WARNING, `error` at ERROR; the logger begins at DEBUG, so that all comes out as before.
 * A plain object at the end of a call is its fields for `--where`. The function that is given back
 * undoes that.
 *
 * @throws {ConfigError} It is bridged already, or another library is under that name.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/console";
 *
 * const undo = bridge({ name: "app.console" });
 * console.info("shown until: logdial set app.console=ERROR");
 * undo();
 * ```
 */
export function bridge(options: ConsoleBridgeOptions = {}): () => void {
  checkOptions("bridge", options, { name: isText, console: () => undefined });
  const { name = KIND, console = globalThis.console } = options;
  if (bridged.has(console)) {
    throw new ConfigError(`Cannot bridge console as "${name}": this console is bridged already`);
  }
  const methods = Object.keys(CONSOLE_LEVELS) as ConsoleMethod[];
  if (methods.some((method) => typeof console?.[method] !== "function")) {
    throw new ConfigError(
      `Cannot bridge console as "${name}": it must have the methods ${methods.join(", ")}`,
    );
  }
  const dial = dialFor(name, KIND);
  dial.start(DEBUG);
  bridged.add(console);
  const patch = new Patch();
  for (const [method, level] of Object.entries(CONSOLE_LEVELS)) {
    const write = console[method as ConsoleMethod] as ConsoleFunction;
    patch.value(console, method, onDial(dial, level, write));
  }
  return () => {
    patch.undo();
    dial.close();
    bridged.delete(console);
  };
}

function onDial(dial: Dial, level: number, write: ConsoleFunction): ConsoleFunction {
  // The function takes its arguments spread: otherwise dropped calls too would make an array.
  const pass = (console: unknown, ...data: unknown[]) => {
    if (dial.isPlain(level)) return write.apply(console, data);
    const { fields, error } = readArguments(data);
    if (dial.admits(level, data[0], fields)) write.apply(console, data);
    if (!dial.wants(level)) return dial.passed(level);
    const said = fields === undefined ? data : data.slice(0, -1);
    dial.passed(level, watchedText(dial, said, error, consoleText), fields, error, method);
  };
  const method: ConsoleFunction = function (...data) {
    if (dial.isOff(level)) return;
    pass(this, ...data);
  };
  return method;
}
