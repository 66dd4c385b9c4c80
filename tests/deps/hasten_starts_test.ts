import { assertEquals, assertRejects } from "@std/assert";
import { pathToFileURL } from "node:url";
import { preventRehearsals, readLog } from "../../deps/hasten_starts.ts";
import { REHEARSE_AFTER_MS } from "../../src/hub/life/rehearsed_text.ts";

Deno.test("while it is found out what a start runs, no change is rehearsed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "logdial_hasten_" });
  try {
    const dist = pathToFileURL(`${folder}/`), file = `${folder}/chunk.js`;
    const code = `var a=${REHEARSE_AFTER_MS},b=${REHEARSE_AFTER_MS},c=12,d="rehearsal"\nf(b)\n`;
    await Deno.writeTextFile(`${folder}/other.js`, "var a=100\n");
    await assertRejects(() => preventRehearsals(dist), Error, "Cannot find when rehearsals begin");
    await Deno.writeTextFile(file, code);
    const rehearse = await preventRehearsals(dist);
    const late = await Deno.readTextFile(file);
    assertEquals(late, code.replace(`${REHEARSE_AFTER_MS}`, "9e9"));
    assertEquals(late.length, code.length);
    await rehearse();
    assertEquals(await Deno.readTextFile(file), code);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("functions are found in whatever folder the package is, as V8 writes its name", () => {
  const log = String.raw`script-details,7,file:///a\x2Cb/dist/hub.js
script-details,8,file:///elsewhere/hub.js
function,interpreter,7,10,42,0.1,5,f
function,interpreter,8,10,43,0.1,5,f
function,parse,7,10,44,0.1,5,f
`;
  assertEquals(readLog(log, new URL("file:///a,b/dist/")), [["hub.js", 42]]);
});
