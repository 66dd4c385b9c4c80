import { assertEquals, assertThrows } from "@std/assert";
import { fileOf } from "../../deps/merge_chunks.ts";

Deno.test("an entry is not taken for what loads later under its name, in whatever order", () => {
  const files = ["/out/mod-6IM6NGAR.js", "/out/mod.js", "/out/other_top-A1.js", "/out/top-B2.js"];
  for (const order of [files, files.toReversed()]) {
    assertEquals(["mod", "top"].map((entry) => fileOf(entry, order)), [
      "/out/mod.js",
      "/out/top-B2.js",
    ]);
  }
  const twice = [...files, "/out/top-C3.js"];
  assertThrows(() => fileOf("top", twice), Error, "There are 2 files of top in the bundle");
  assertThrows(() => fileOf("web", files), Error, "Cannot find the file of web in the bundle");
});
