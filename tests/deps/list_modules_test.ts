import { assertEquals } from "@std/assert";
import { listModules } from "../../deps/list_modules.ts";
import { MODULE_LISTS } from "../../deps/module_lists.ts";
import { importFlags, PROJECT } from "../harness/project.ts";

Deno.test("lists have what their entries load: else, deno task list-modules", async (t) => {
  for (const [file, expected] of await listModules(importFlags())) {
    await t.step(file, async () => {
      assertEquals(await Deno.readTextFile(new URL(file, PROJECT)), expected);
    });
  }
});

Deno.test("an entry imports its lists before all others", async () => {
  const entries = new Set(MODULE_LISTS.flatMap(({ entries }) => entries));
  for (const entry of entries) {
    const lists = MODULE_LISTS.filter((list) => list.entries.includes(entry)).map(({ file }) =>
      file
    );
    const text = await Deno.readTextFile(new URL(entry, PROJECT));
    const imported = [...text.matchAll(/^(?:import|export) .*"(\.[^"]*)";$/gm)]
      .map(([, path]) => new URL(path!, new URL(entry, PROJECT)).href.slice(PROJECT.href.length));
    // That tells first whether this is Deno.
    const others = imported.filter((path) => !path.endsWith("/require_deno.ts"));
    assertEquals([entry, ...others.slice(0, lists.length)], [entry, ...lists]);
  }
});
