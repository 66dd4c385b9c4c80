import type { FilterLike } from "../../core/filters/filter.ts";
import type { Formatter } from "../../core/formatters/formatter.ts";
import type { Handler } from "../../core/handlers/handler.ts";

/**
 * A class that a program gives for a name that nothing is registered as.
 *
 * @example
 * ```ts
 * import { type GivenClass, RotatingFileHandler } from "@logdial/logging";
 *
 * const given: GivenClass = RotatingFileHandler;
 * ```
 */
export type GivenClass = new (...args: never[]) => Handler | Formatter | FilterLike;

/**
 * What becomes of a class that nothing is registered as: `"stand-in"` puts Python's own class of
 * the kind in its place, with a warning on stderr, once for each name; a function gives the class,
 * or undefined for none. A handler's stand-in writes to stderr, a filter's lets all pass.
 *
 * @example
 * ```ts
 * import { fileConfig, RotatingFileHandler, type UnknownClass } from "@logdial/logging";
 *
 * const unknownClass: UnknownClass = (kind, name) =>
 *   kind === "handler" && name.endsWith("RotatingFileHandler") ? RotatingFileHandler : undefined;
 * fileConfig(await Deno.readTextFile("logging.conf"), { unknownClass });
 * ```
 */
export type UnknownClass =
  | "stand-in"
  | ((kind: "formatter" | "filter" | "handler", name: string) => GivenClass | undefined);
