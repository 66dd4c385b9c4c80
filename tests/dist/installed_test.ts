import { assertEquals, assertStringIncludes } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { PACKAGE_ENTRIES } from "../../deps/package_entries.ts";
import { logdial } from "../harness/command_line.ts";
import { failsInNode, hasNode } from "../harness/fails_in_node.ts";
import { packedProgram } from "../harness/packed_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { PROJECT, projectPath } from "../harness/project.ts";
import { REHEARSE_AFTER_MS } from "../../src/hub/life/rehearsed_text.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

const packed = packedProgram();

Deno.test("installed from the package, the command changes a program that imports it", async () => {
  if (packed === undefined) return console.log("skipped: run it by deno task test:dist");
  const root = await Deno.makeTempDir({ prefix: "logdial_root_" });
  try {
    const map = `--import-map=${packed.importMap}`;
    const flags = ["--global", "--quiet", map, "-R", "-N", `--allow-import=${packed.host}`];
    const command = packed.entries["src/cli/main.ts"]!;
    const args = ["install", ...flags, "--root", root, "--name", "logdial", command];
    await ChildProgram.run(Deno.execPath(), args).output();

    using ports = PortBlock.claim(2);
    await using program = new ThreadsProgram(ports);
    await program.command({ do: "import" });
    await program.untilThreads("MainProcess");
    const env = { PATH: `${Deno.execPath().replace(/\/[^/]*$/, "")}:${Deno.env.get("PATH")}` };
    const set = ["set", "root=ERROR", "--ports", ports.text];
    await using installed = ChildProgram.run(`${root}/bin/logdial`, set, { env });
    assertStringIncludes(await installed.output(), "MainProcess");
    const { stdout } = await logdial(["status", "--ports", ports.text, "--json"]);
    assertEquals(JSON.parse(stdout).threads.length, 1);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("the package compiles ahead what a start runs, and no rehearsal of changes", async () => {
  if (packed === undefined) return console.log("skipped: run it by deno task test:dist");
  let code = "";
  for await (const { name } of Deno.readDir(projectPath("dist"))) {
    if (name.endsWith(".js")) code += await Deno.readTextFile(projectPath(`dist/${name}`));
  }
  assertStringIncludes(code, `=${REHEARSE_AFTER_MS},`);
  for (const name of ["rehearsed", "rehearseHub"]) {
    assertStringIncludes(code, `function ${name}(`);
    assertEquals(code.includes(`=(function ${name}(`), false, name);
    assertEquals(code.includes(`=(async function ${name}(`), false, name);
  }
  assertStringIncludes(code, "=(function getLogger(");
});

Deno.test("what the package exports goes by its names", async () => {
  if (packed === undefined) return console.log("skipped: run it by deno task test:dist");
  await using child = ChildProgram.deno("tests/fixtures/exported_names.ts");
  const [count, ...others] = (await child.output()).split("\n");
  assertEquals(others, []);
  assertEquals(Number(count) > 60, true, count);
});

Deno.test("every file that users import says in Node.js that it needs Deno, and fails", async (t) => {
  if (packed === undefined) return console.log("skipped: run it by deno task test:dist");
  const folder = await Deno.makeTempDir({ prefix: "logdial_node_" });
  try {
    // Beside a file that has Node.js read them as modules.
    await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }\n');
    for await (const { name } of Deno.readDir(projectPath("dist"))) {
      if (name.endsWith(".js")) {
        await Deno.copyFile(projectPath(`dist/${name}`), `${folder}/${name}`);
      }
    }
    for (const [name, { export: exported }] of Object.entries(PACKAGE_ENTRIES)) {
      if (exported === undefined) continue;
      const ignore = !hasNode();
      await t.step({ name, ignore, fn: () => failsInNode(`${folder}/${name}.js`) });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("programs that are checked more strictly than ours take the package's types", async () => {
  if (packed === undefined) return console.log("skipped: run it by deno task test:dist");
  const folder = await Deno.makeTempDir({ prefix: "logdial_strict_" });
  try {
    const strict = [
      "exactOptionalPropertyTypes",
      "noPropertyAccessFromIndexSignature",
      "noUncheckedIndexedAccess",
      "isolatedDeclarations",
      "verbatimModuleSyntax",
      "erasableSyntaxOnly",
    ];
    const compilerOptions = Object.fromEntries(strict.map((name) => [name, true]));
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ compilerOptions }));
    // From files: of what comes over the network Deno passes such errors over.
    const imports = Object.entries(PACKAGE_ENTRIES).flatMap(([name, entry]) =>
      entry.export === undefined ? [] : [new URL(`dist/${name}.js`, PROJECT).href]
    ).map((href, at) => `export * as entry${at} from ${JSON.stringify(href)};\n`);
    await Deno.writeTextFile(`${folder}/main.ts`, imports.join(""));
    const args = ["check", "--quiet", "--no-lock", `${folder}/main.ts`];
    await ChildProgram.run(Deno.execPath(), args, { cwd: folder }).output();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("programs under test import the package, and none of the sources", async () => {
  if (packed === undefined) return console.log("skipped: run it by deno task test:dist");
  await using child = ChildProgram.deno("tests/fixtures/own_address.ts");
  const address = await child.output();
  assertStringIncludes(address, packed.host);
});
