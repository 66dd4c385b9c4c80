import type { Handler } from "../handlers/handler.ts";
import { defaultManager } from "./manager.ts";

/**
 * Sets the handler for records that no other handler was found for, undefined for none
 * (`logging.lastResort`).
 *
 * @example
 * ```ts
 * import { setLastResort } from "@logdial/logging";
 *
 * setLastResort(undefined);
 * ```
 */
export function setLastResort(handler: Handler | undefined): void {
  defaultManager.lastResort = handler;
}

/** The handler for records that no other handler was found for (`logging.lastResort`). */
export function getLastResort(): Handler | undefined {
  return defaultManager.lastResort;
}
