import { readOrTell, thrownText } from "../values/thrown.ts";

/** Adds fields by name; of a proxy that throws when it is asked for its names, the error's text. */
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
