/**
 * Whether the types of every source are said in it, so that the package can declare them. Ends with
 * an error that names the first one that does not.
 *
 * @module
 */
import { declareTypes } from "../../deps/declare_types.ts";
import { PROJECT, sourcesIn } from "../harness/project.ts";

async function check(path: string): Promise<void> {
  declareTypes(await Deno.readTextFile(new URL(path, PROJECT)), path);
}

await check("mod.ts");
for await (const path of sourcesIn("src/")) await check(path);
