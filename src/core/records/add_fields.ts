import { readOrTell, thrownText } from "../values/thrown.ts";

/** Adds fields; of a proxy that does not tell its names, what it throws. */
export function addFields(all: Map<string, unknown>, fields: object): void {
  let names: string[];
  try {
    names = Object.keys(fields);
  } catch (error) {
    all.set("fields", `[throws: ${thrownText(error)}]`);
    return;
  }
  for (const name of names) all.set(name, readOrTell(fields, name));
}
