import { checkOptions } from "../core/errors/check_options.ts";
import { type Level, levelToSend } from "../core/levels/levels.ts";
import { command } from "./commands.ts";
import type { Delivery } from "./request.ts";
import { readLoggers, readWhy } from "./read_results.ts";
import { TARGET_RULES, type Targets } from "./targets.ts";

/**
 * The loggers that the threads have, in `result`, a {@linkcode LoggerList}: own and effective
 * level, handlers, and where their records come out.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { loggers } from "@logdial/logging/client";
 *
 * for (const { name, result } of await loggers()) console.log(name, result);
 * ```
 */
export async function loggers(targets: Targets = {}): Promise<Delivery[]> {
  checkOptions("loggers", targets, TARGET_RULES);
  return await command({ command: "loggers" }, targets, readLoggers);
}

/**
 * What would become of a record on each thread, in `result`, a {@linkcode Why}: which level,
 * filter or handler drops it, or where it comes out. Nothing is logged for that.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { why } from "@logdial/logging/client";
 *
 * for (const { name, result } of await why("app.db", "DEBUG")) console.log(name, result);
 * ```
 */
export async function why(
  logger: string,
  level: Level,
  targets: Targets = {},
): Promise<Delivery[]> {
  checkOptions("why", targets, TARGET_RULES);
  return await command({ command: "why", logger, level: levelToSend(level) }, targets, readWhy);
}
