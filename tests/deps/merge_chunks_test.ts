import { assertEquals, assertThrows } from "@std/assert";
import { fileOf, requireClassNames } from "../../deps/merge_chunks.ts";

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

Deno.test("a class that would get a number is not packed, whatever else has its name", () => {
  requireClassNames("class Level {}\nclass Sha256 {}\nfunction Levels() {}\n");
  for (const other of ["class", "function", "function*", "var", "const"]) {
    for (const name of ["Level2", "Level$1"]) {
      assertThrows(
        () => requireClassNames(`${other} Level {}\nclass ${name} extends Base {}\n`),
        Error,
        "Cannot pack class Level: something else is called so, too",
      );
    }
  }
});
