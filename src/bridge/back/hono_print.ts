import { ERROR, INFO } from "../../core/levels/levels.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import { getLogger } from "../../core/loggers/module_functions.ts";
import { checkLogger } from "./check_logger.ts";

/** Colours of a terminal. */
// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[\d+m/g;
/** A line of Hono's logger, as a request begins and ends. */
const LINE = /^(?:<--|-->) (?<method>\S+) (?<path>\S+)(?: (?<status>\d{3}) (?<elapsed>\S+))?$/;

/**
 * What Hono's own logger prints with, `logger(honoPrint())`: its lines become records of the logger
 * `hono`, or of another one, at INFO, or at ERROR from status 500 on, with `method`, `path`,
 * `status` and `elapsed` as fields. {@linkcode honoLogger} knows more of a request.
 *
 * @throws {TypeError} `logger` is not one of `getLogger`.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { honoPrint } from "@logdial/logging/bridge/hono";
 *
 * // import { logger } from "hono/logger";
 * // app.use(logger(honoPrint(getLogger("shop.http"))));
 * honoPrint(getLogger("shop.http"))("--> GET /cart 200 5ms");
 * ```
 */
export function honoPrint(
  logger: Logger = getLogger("hono"),
): (text: string, ...rest: string[]) => void {
  checkLogger("log Hono's lines to this", logger);
  return function print(text, ...rest) {
    const line = [text, ...rest].join(" ").replaceAll(COLOURS, "");
    const { method, path, status, elapsed } = LINE.exec(line)?.groups ?? {};
    const level = Number(status) >= 500 ? ERROR : INFO;
    if (method === undefined) return logger.logFrom(print, level, line, [], {});
    const fields = status === undefined
      ? { method, path }
      : { method, path, status: Number(status), elapsed };
    logger.logFrom(print, level, line, [], { fields });
  };
}
