import { assert, assertEquals } from "@std/assert";
import { PageServer } from "../../src/web/server/page_server.ts";
import { loadScripts, PLAIN_FILES } from "../../src/web/server/page_files.ts";
import { PROJECT } from "../harness/project.ts";

/** What a browser would fetch from elsewhere. */
const ELSEWHERE = /\bhttps?:\/\/(?!www\.w3\.org\/2000\/svg)|\burl\(|@import|\/\/[a-z]+\.[a-z]+\//;

Deno.test("each file of the page is served, the scripts without types", async () => {
  const folder = new URL("src/web/page/", PROJECT);
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".ts")) files.push(`/page/${name}`);
  }
  const scripts = await loadScripts();
  assertEquals(Object.keys(scripts).sort(), files.sort());
  for (const [address, script] of Object.entries(scripts)) {
    // As the browser reads it: all that it imports is there, and no type is left.
    for (const [, name] of script.matchAll(/^(?:import|export) .*? from "\.\/([^"]+)";/gms)) {
      assert(files.includes(`/page/${name}`), `${address} imports ${name}`);
    }
    assertEquals(/^import type/m.test(script), false, address);
  }
});

Deno.test("the page is small, and asks nobody else for anything", async () => {
  const page = await PageServer.load();
  assert(page.bytes <= 40_000, `${page.bytes} bytes`);
  for (const [address, text] of Object.entries({ ...PLAIN_FILES, ...await loadScripts() })) {
    assertEquals(text.match(ELSEWHERE)?.[0], undefined, address);
    assertEquals(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/.test(text), false);
  }
});
