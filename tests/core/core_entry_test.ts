import { assertStrictEquals } from "@std/assert";
import * as whole from "../../mod.ts";
import * as core from "../../src/core.ts";

Deno.test("what the core exports, the whole exports as well, and it is the same", () => {
  for (const [name, value] of Object.entries(core)) {
    assertStrictEquals((whole as Record<string, unknown>)[name], value, name);
  }
});
