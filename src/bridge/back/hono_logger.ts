import { ERROR, INFO } from "../../core/levels/levels.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import { getLogger } from "../../core/loggers/module_functions.ts";
import { withContext } from "../../core/loggers/with_context.ts";
import { readOrTell } from "../../core/values/thrown.ts";
import { checkLogger } from "./check_logger.ts";

/**
 * What Hono hands to a middleware, as far as it is used.
 *
 * @example
 * ```ts
 * import { type HonoContext, honoLogger } from "@logdial/logging/bridge/hono";
 *
 * const middleware = honoLogger();
 * function first(c: HonoContext, next: () => Promise<void>) {
 *   return middleware(c, next);
 * }
 * console.log(first.length); // 2
 * ```
 */
export interface HonoContext {
  /** The request. */
  readonly req: {
    readonly method: string;
    readonly path: string;
    header(name: string): string | undefined;
  };
  /** The response, once there is one. */
  readonly res: { readonly status: number };
  /** What a handler has thrown. */
  readonly error?: Error | undefined;
  /** What other middleware has set. */
  readonly var: object;
}

/** Matches an id from outside that is accepted: others may be very long, or forge lines. */
const GOOD_ID = /^[\w.:=-]{1,255}$/;
/** Characters that Hono decodes in a path and that could forge lines: they are shown as they were sent. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Ids of requests under way, since several middlewares may log one request. */
const IDS = new WeakMap<HonoContext, string>();

/**
 * A middleware that logs each request with its status, and ERROR with the error where a handler
 * fails. All that is logged for a request has its `requestId`, `method` and `path`, whoever logs
 * it: so one request is turned by `logdial set shop=DEBUG --where requestId=…`. The id is that of
 * Hono's `requestId()` if it came before, or of the header `X-Request-Id`, else a new one. Records
 * go to the logger `hono` unless another one is given.
 *
 * @throws {TypeError} `logger` is not one of `getLogger`.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { honoLogger } from "@logdial/logging/bridge/hono";
 *
 * // const app = new Hono();
 * // app.use(honoLogger(getLogger("shop.http")));
 * const middleware = honoLogger(getLogger("shop.http"));
 * console.log(typeof middleware); // function
 * ```
 */
export function honoLogger(
  logger: Logger = getLogger("hono"),
): (c: HonoContext, next: () => Promise<void>) => Promise<void> {
  checkLogger("log Hono's requests to this", logger);
  return async function request(c, next) {
    const { method } = c.req, path = c.req.path.replace(UNSEEN, encodeURIComponent);
    await withContext({ requestId: idOf(c), method, path }, async function request() {
      const begin = performance.now();
      logger.debug("%s %s begins", method, path);
      try {
        await next();
      } catch (error) {
        // Hono itself catches errors, but no other thrown values.
        logger.error("%s %s failed", method, path, { exc_info: error });
        throw error;
      }
      const { status } = c.res, ms = Math.round((performance.now() - begin) * 10) / 10;
      const isFailed = status >= 500;
      const level = isFailed ? ERROR : INFO, error = isFailed ? c.error : undefined;
      logger.log(level, "%s %s", method, path, { status, ms }, { exc_info: error });
    });
  };
}

function idOf(c: HonoContext): string {
  const known = readOrTell(c.var, "requestId");
  if (typeof known === "string" && known !== "") return known;
  const given = c.req.header("X-Request-Id");
  if (given !== undefined && GOOD_ID.test(given)) return given;
  const id = IDS.get(c) ?? crypto.randomUUID();
  IDS.set(c, id);
  return id;
}
