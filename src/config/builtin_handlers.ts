import { FileHandler } from "../handlers/file_handler.ts";
import { NullHandler } from "../handlers/null_handler.ts";
import { StreamHandler } from "../handlers/stream_handler.ts";
import type { Registry } from "./registry.ts";

/** Makes Python's handlers and the constants that configurations give them known. */
export function registerBuiltinHandlers(registry: Registry): void {
  registry.registerHandler("logging.StreamHandler", StreamHandler, { parameters: ["stream?"] });
  registry.registerHandler("logging.NullHandler", NullHandler, { parameters: ["level?"] });
  registry.registerHandler("logging.FileHandler", FileHandler, {
    parameters: ["filename", "mode?", "encoding?", "delay?", "errors?"],
  });
}
