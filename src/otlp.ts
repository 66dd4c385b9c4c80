/**
 * Records for an OpenTelemetry collector. Importing this makes `logdial.OtlpHandler` known to
 * configurations; a program that never does pays nothing for it.
 *
 * @example
 * ```ts
 * import { dictConfig } from "@logdial/logging";
 * import "@logdial/logging/otlp";
 *
 * dictConfig({
 *   version: 1,
 *   handlers: {
 *     collector: { class: "logdial.OtlpHandler", endpoint: "http://127.0.0.1:4318" },
 *   },
 *   root: { level: "INFO", handlers: ["collector"] },
 * });
 * ```
 *
 * @module
 */
import "./core/runtime/require_deno.ts";
import { OTLP_HANDLER } from "./config/build/builtin_names.ts";
import { registerHandler } from "./config/register.ts";
import { OtlpHandler } from "./handlers/otlp/otlp_handler.ts";
import { OTLP_PARAMETERS } from "./handlers/otlp/otlp_options.ts";

export { OtlpHandler };
export type { OtlpHandlerOptions } from "./handlers/otlp/otlp_options.ts";

registerHandler(OTLP_HANDLER, OtlpHandler, { parameters: OTLP_PARAMETERS, asObject: true });
