import { assert, assertEquals } from "@std/assert";
import { PACKAGE_ENTRIES } from "../../deps/package_entries.ts";
import { projectPath } from "../harness/project.ts";

Deno.test("no module of a bundled program has the name by which it looks for logdial's threads beside itself", async () => {
  const threads = Object.entries(PACKAGE_ENTRIES).filter(([, entry]) => entry.export === undefined);
  assertEquals(threads.length, 2);
  const packer = await Deno.readTextFile(projectPath("deps/pack.ts"));
  for (const [name] of threads) {
    assert(name.startsWith("logdial_"), name);
    assert(packer.includes(`new URL("./${name}.js", import.meta.url)`), name);
  }
});
