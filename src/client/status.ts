import { checkOptions } from "../core/errors/check_options.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { fitsTargets, selectTargets, TARGET_RULES, type Targets, threadsOf } from "./targets.ts";

/**
 * The status of the threads that are meant.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { status } from "@logdial/logging/client";
 *
 * for (const { name, levels } of await status()) console.log(name, levels.root);
 * ```
 */
export async function status(targets: Targets = {}): Promise<ThreadStatus[]> {
  checkOptions("status", targets, TARGET_RULES);
  const selection = await selectTargets(targets);
  return selection.targets.flatMap(({ status }) => status === undefined ? [] : threadsOf(status))
    .filter((one) => fitsTargets(one, targets));
}
