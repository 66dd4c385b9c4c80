import { Logger } from "../../core/loggers/logger.ts";

/**
 * Refuses what is no logger of ours, such as one that another library has made.
 *
 * @throws {TypeError} It is none.
 */
export function checkLogger(action: string, logger: unknown): void {
  if (logger instanceof Logger) return;
  throw new TypeError(`Cannot ${action}: it must be a logger of getLogger`);
}
