import { shutdownHandlers } from "../handlers/handler.ts";
import type { Level } from "../levels/levels.ts";
import { CRITICAL } from "../levels/levels.ts";
import type { Logger } from "./logger.ts";
import { defaultManager } from "./manager.ts";

/** The thread's root logger (`logging.root`). */
export const root: Logger = defaultManager.root;

/**
 * The thread's logger of that name, the root for none (`logging.getLogger`).
 *
 * @throws {TypeError} A name that is not a string.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 *
 * getLogger("app.db").debug("%d rows", 3);
 * ```
 */
export function getLogger(name?: string): Logger {
  return defaultManager.getLogger(name);
}

/**
 * Drops records of `level` and below in every logger; `NOTSET` undoes it
 * (`logging.disable`).
 *
 * @example
 * ```ts
 * import { disable, INFO } from "@logdial/logging";
 *
 * disable(INFO);
 * ```
 */
export function disable(level: Level = CRITICAL): void {
  defaultManager.disable = level;
}

/**
 * Flushes and closes all handlers, the last made first (`logging.shutdown`).
 *
 * @example
 * ```ts
 * import { shutdown } from "@logdial/logging";
 *
 * globalThis.addEventListener("unload", () => shutdown());
 * ```
 */
export function shutdown(): void {
  shutdownHandlers();
}
