import { declareTypes } from "../../deps/declare_types.ts";
import { PROJECT, sourcesIn } from "../harness/project.ts";

Deno.test("the types of every source are said in it, so that the package can declare them", async () => {
  declareTypes(await Deno.readTextFile(new URL("mod.ts", PROJECT)), "mod.ts");
  for await (const path of sourcesIn("src/")) {
    declareTypes(await Deno.readTextFile(new URL(path, PROJECT)), path);
  }
});
