import { assert, assertEquals } from "@std/assert";
import { whyNotHere } from "../../src/core/runtime/require_deno.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { failsInNode, hasNode, NEEDED } from "../harness/fails_in_node.ts";
import { importFlags, PROJECT, projectPath } from "../harness/project.ts";

Deno.test("where the library cannot run it says what it needs", () => {
  const cases: { runtime: Parameters<typeof whyNotHere>[0]; says: string | undefined }[] = [
    { runtime: { Deno: { version: { deno: "2.9.0" } } }, says: undefined },
    { runtime: { Deno: { version: { deno: "2.10.1+canary" } } }, says: undefined },
    { runtime: { Deno: { version: { deno: "3.0.0-rc.1" } } }, says: undefined },
    // Deno has Node's `process` as well.
    { runtime: { Deno: Deno, process: { versions: { node: "24.0.0" } } }, says: undefined },
    { runtime: { Deno: { version: { deno: "2.8.3" } } }, says: "Deno 2.8.3: " },
    { runtime: { Deno: { version: { deno: "1.46.3" } } }, says: "Deno 1.46.3: " },
    { runtime: { process: { versions: { node: "20.20.2" } } }, says: "Node.js 20.20.2: " },
    {
      runtime: { Bun: { version: "1.3.0" }, process: { versions: { node: "24.3.0" } } },
      says: "Bun 1.3.0: ",
    },
    { runtime: {}, says: "another runtime: " },
    // What is called so for something else is not Deno.
    { runtime: { Deno: {} }, says: "another runtime: " },
  ];
  for (const { runtime, says } of cases) {
    const said = whyNotHere(runtime);
    if (says === undefined) assertEquals(said, undefined);
    else assert(said?.startsWith(NEEDED + says), said);
  }
});

Deno.test("every entry of the package says in Node.js that it needs Deno, and fails", async (t) => {
  const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", PROJECT))) as {
    exports: Record<string, string>;
  };
  const folder = await Deno.makeTempDir();
  try {
    const ignore = !hasNode();
    if (!ignore) await bundle(Object.values(exports), folder);
    for (const [name, entry] of Object.entries(exports)) {
      const script = `${folder}/${entry.replace(/\.ts$/, ".js")}`;
      await t.step({ name, ignore, fn: () => failsInNode(script) });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Bundles each entry by itself, which keeps the order of its modules. */
async function bundle(entries: readonly string[], folder: string): Promise<void> {
  const args = ["bundle", "--quiet", ...importFlags(), "--outdir", folder];
  await using bundler = ChildProgram.run(Deno.execPath(), [...args, ...entries.map(projectPath)]);
  await bundler.output();
  await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }\n');
}
