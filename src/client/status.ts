import type { ThreadStatus } from "../wire/message.ts";
import { fitsPattern } from "../wire/name_pattern.ts";
import { selectTargets, type Targets, threadsOf } from "./targets.ts";

/**
 * The status of the threads that are meant.
 *
 * @throws {Error} A target that nobody is, or a host that cannot be reached.
 *
 * @example
 * ```ts
 * import { status } from "@logdial/logging/client";
 *
 * for (const { name, levels } of await status()) console.log(name, levels.root);
 * ```
 */
export async function status(targets: Targets = {}): Promise<ThreadStatus[]> {
  const selection = await selectTargets(targets);
  const { name } = targets;
  return selection.targets.flatMap(({ status }) => status === undefined ? [] : threadsOf(status))
    .filter((one) => name === undefined || fitsPattern(one.name, name));
}
