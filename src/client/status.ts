import { checkOptions } from "../core/errors/check_options.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { fitsTargets, selectTargets, TARGET_RULES, type Targets, threadsOf } from "./targets.ts";

/**
 * The status of the threads that are meant.
 *
 * @throws {Error} A target that nobody is, or a host that cannot be reached.
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
