import { newInstance } from "../../wire/signature.ts";

let instance: string | undefined;

/**
 * What the hub of this thread tells of itself in the probe: random, so that no signature for
 * another hub, or for an earlier one of the same program, is good here.
 */
export function hubInstance(): string {
  return instance ??= newInstance();
}
