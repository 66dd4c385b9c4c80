/**
 * Requests of Hono's as records: a middleware that logs them with the fields of each around all
 * that is logged for it, and a function for the logger that Hono brings.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { honoLogger } from "@logdial/logging/bridge/hono";
 *
 * const middleware = honoLogger(getLogger("shop.http")); // app.use(middleware)
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";

export { type HonoContext, honoLogger } from "./back/hono_logger.ts";
export { honoPrint } from "./back/hono_print.ts";
