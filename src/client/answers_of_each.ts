import { commandText, type Delivery, request } from "./request.ts";
import type { Target, Targets } from "./targets.ts";

/**
 * The answers of a listener's threads to a question that each answers for itself, to learn which of
 * them refuse: a dump and a tail say nothing of those, as long as one lets the sender in.
 */
export async function answersOfEach(target: Target, options: Targets): Promise<Delivery[]> {
  return await request(target, commandText({ command: "history" }, target, options), options);
}
