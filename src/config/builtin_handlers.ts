import type { Handler } from "../core/handler.ts";
import { FileHandler } from "../handlers/file_handler.ts";
import { NullHandler } from "../handlers/null_handler.ts";
import { StreamHandler } from "../handlers/stream_handler.ts";

/** The part of a registry that is needed here. */
export interface HandlerRegistry {
  /** Makes a handler class known. */
  registerHandler(
    name: string,
    type: new (...args: never[]) => Handler,
    options: { readonly parameters: readonly string[] },
  ): void;
  /** Makes a constant known. */
  registerObject(name: string, value: unknown): void;
}

/** Makes Python's handlers and the constants that configurations give them known. */
export function registerBuiltinHandlers(registry: HandlerRegistry): void {
  registry.registerHandler("logging.StreamHandler", StreamHandler, { parameters: ["stream?"] });
  registry.registerHandler("logging.NullHandler", NullHandler, { parameters: ["level?"] });
  registry.registerHandler("logging.FileHandler", FileHandler, {
    parameters: ["filename", "mode?", "encoding?", "delay?", "errors?"],
  });
}
