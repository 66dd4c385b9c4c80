import type { FilterLike } from "../core/filters/filter.ts";
import type { Formatter } from "../core/formatters/formatter.ts";
import type { Handler } from "../core/handlers/handler.ts";
import {
  checkName,
  checkRegistration,
  defaultRegistry,
  type RegisterOptions,
} from "./build/registry.ts";

/**
 * Makes a handler class known to configurations, as `class=name`.
 *
 * @throws {TypeError} No name, no class, or an unknown option.
 *
 * @example
 * ```ts
 * import { Handler, type LogRecord, registerHandler } from "@logdial/logging";
 *
 * class BeepHandler extends Handler {
 *   emit(_record: LogRecord) {
 *     Deno.stderr.writeSync(new Uint8Array([7]));
 *   }
 * }
 * registerHandler("my.BeepHandler", BeepHandler);
 * ```
 */
export function registerHandler(
  name: string,
  type: new (...args: never[]) => Handler,
  options: RegisterOptions = {},
): void {
  checkRegistration(name, type, options);
  defaultRegistry.registerHandler(name, type, options);
}

/**
 * Makes a formatter class known to configurations, as `class=name`.
 *
 * As `class` it is given what `Formatter` takes first: format, `datefmt` and style. In a dict,
 * `"()": name` gives it arguments of its own, by the names of `parameters`.
 *
 * @throws {TypeError} No name, no class, or an unknown option.
 *
 * @example
 * ```ts
 * import { Formatter, registerFormatter } from "@logdial/logging";
 *
 * class ShortFormatter extends Formatter {}
 * registerFormatter("my.ShortFormatter", ShortFormatter);
 * ```
 */
export function registerFormatter(
  name: string,
  type: new (...args: never[]) => Formatter,
  options: RegisterOptions = {},
): void {
  checkRegistration(name, type, options);
  defaultRegistry.registerFormatter(name, type, options);
}

/**
 * Makes a filter class known to dicts, as `"()": name`.
 *
 * @throws {TypeError} No name, no class, or an unknown option.
 *
 * @example
 * ```ts
 * import { Filter, registerFilter } from "@logdial/logging";
 *
 * class NightFilter extends Filter {}
 * registerFilter("my.NightFilter", NightFilter);
 * ```
 */
export function registerFilter(
  name: string,
  type: new (...args: never[]) => FilterLike,
  options: RegisterOptions = {},
): void {
  checkRegistration(name, type, options);
  defaultRegistry.registerFilter(name, type, options);
}

/**
 * Makes an object or a factory known, as `name` in `args=` and as `ext://name` in dicts.
 *
 * @throws {TypeError} No name.
 *
 * @example
 * ```ts
 * import { registerObject } from "@logdial/logging";
 *
 * registerObject("my.host", "a1");
 * ```
 */
export function registerObject(name: string, value: unknown): void {
  checkName(name);
  defaultRegistry.registerObject(name, value);
}
