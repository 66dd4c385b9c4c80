import type { ThreadStatus } from "../wire/message.ts";
import { selectTargets, type Targets } from "./targets.ts";

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
  return selection.targets.map(({ status }) => status).filter((one) => one !== undefined);
}
