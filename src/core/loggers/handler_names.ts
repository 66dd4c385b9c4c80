import type { Handler } from "../handlers/handler.ts";
import { defaultManager } from "./manager.ts";

/**
 * The handler that the configuration in force calls by that name
 * (`logging.getHandlerByName`).
 *
 * @example
 * ```ts
 * import { getHandlerByName } from "@logdial/logging";
 *
 * getHandlerByName("console")?.setLevel("ERROR");
 * ```
 */
export function getHandlerByName(name: string): Handler | undefined {
  return defaultManager.namedHandlers.get(name);
}

/** The names of the handlers in the configuration in force (`logging.getHandlerNames`). */
export function getHandlerNames(): Set<string> {
  return new Set(defaultManager.namedHandlers.keys());
}
