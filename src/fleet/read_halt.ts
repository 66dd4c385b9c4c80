import { fields, type Read, text } from "../wire/shape.ts";
import { READ_SHORT } from "./fleet_lengths.ts";
import type { Value } from "./read_entry.ts";
import type { Halt } from "./rollout.ts";

const readFields: Read<Halt> = fields<Halt>({
  id: text(READ_SHORT),
  reason: text(READ_SHORT),
  host: text(READ_SHORT),
});

/** Reads why a rollout was stopped; a value that cannot be read still means that it was. */
export function readHalt(value: Value): Halt {
  try {
    return readFields(value.json(), "");
  } catch {
    // Ids have letters and digits only, so that they stand in the key as they are.
    const id = value.key.slice("halt.".length);
    return { id, reason: "its reason cannot be read", host: "an unknown host" };
  }
}
