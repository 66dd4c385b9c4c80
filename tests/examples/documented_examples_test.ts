import { assert, assertEquals } from "@std/assert";
import { EXPORTED_SOURCES } from "../../deps/package_entries.ts";
import { importMapFlag, PROJECT, projectPath, sourcesIn } from "../harness/project.ts";
import { packageImports, runDeno } from "./package_imports.ts";

/** An example of a doc comment. */
interface Example {
  /** File and line where it stands. */
  readonly place: string;
  readonly code: string;
}

/** A part of what `deno doc --json` says. */
interface Documented {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly Symbol[] }>>;
}

interface Symbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
    readonly kind: string;
  }[];
}

/** Types of the client are what its functions give back: their examples show them. */
const TYPES = ["interface", "typeAlias"];

Deno.test("all that the package exports has an example", async () => {
  const bare: string[] = [];
  for (const entry of EXPORTED_SOURCES) {
    const { nodes } = JSON.parse(await runDeno("doc", "--json", ...importMapFlag(), entry));
    for (const { symbols } of Object.values(nodes as Documented["nodes"])) {
      for (const { name, declarations } of symbols) {
        if (entry === "src/client/mod.ts" && TYPES.includes(declarations[0]!.kind)) continue;
        const hasExample = declarations.some(({ jsDoc }) =>
          jsDoc?.tags?.some(({ kind }) => kind === "example")
        );
        if (!hasExample) bare.push(`${entry} ${name}`);
      }
    }
  }
  assertEquals(bare, []);
});

Deno.test("every example of a doc comment is right TypeScript, and runs", async () => {
  const examples = await readExamples();
  assert(examples.length > 100, `${examples.length} examples`);
  const folder = await Deno.makeTempDir({ prefix: "logdial_examples_" });
  try {
    const map = `${folder}/import_map.json`;
    await Deno.writeTextFile(map, JSON.stringify({ imports: await packageImports() }));
    const config = ["--no-config", `--import-map=${map}`];
    const conf = await Deno.readTextFile(projectPath("examples/logger_config/debug.conf"));
    await Deno.writeTextFile(`${folder}/logging.conf`, conf);
    const running: string[] = [];
    for (const [index, { place, code }] of examples.entries()) {
      const name = `example_${index}.ts`;
      await Deno.writeTextFile(`${folder}/${name}`, `// ${place}\n${code}\nexport {};\n`);
      if (mayRun(code)) running.push(name);
    }
    assert(running.length > 80, `${running.length} examples that run`);
    await runDeno("check", "-q", ...config, folder);
    await Deno.writeTextFile(`${folder}/main.ts`, runnerOf(running));
    // What the libraries of others ask for as they are loaded.
    const others = ["--allow-env", "--allow-sys"];
    const flags = ["--allow-net=127.0.0.1", "--allow-read", `--allow-write=${folder}`, ...others];
    const out = await runDeno("run", "-q", ...config, ...flags, `${folder}/main.ts`);
    assertEquals(out.split("\n").filter((line) => line.startsWith("FAILED")), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/**
 * The client talks to whoever listens on the usual ports, and so may the shared logger or
 * `listen` without ports: here that would be other tests.
 */
function mayRun(code: string): boolean {
  if (/logging\/(client|cli|logger)"/.test(code)) return false;
  return !/\blisten\((?!0|undefined, \{ ports)/.test(code);
}

/** Runs one after the other in one process, as far as each goes. */
function runnerOf(names: readonly string[]): string {
  return `
Deno.chdir(new URL(".", import.meta.url));
const failed: string[] = [];
for (const name of ${JSON.stringify(names)}) {
  try {
    await import(import.meta.resolve("./" + name));
  } catch (error) {
    failed.push(\`FAILED \${Deno.readTextFileSync(name).split("\\n")[0]}: \${error}\`);
  }
}
console.log(failed.join("\\n"));
Deno.exit();
`;
}

async function readExamples(): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const file of sourcesIn("src/")) examples.push(...await readExamplesOf(file));
  return examples;
}

async function readExamplesOf(file: string): Promise<Example[]> {
  const url = new URL(file, PROJECT);
  const text = await Deno.readTextFile(url);
  return [...text.matchAll(/^ *\* ```ts\n((?: *\*.*\n)*?) *\* ```$/gm)].map((
    { 1: code, index },
  ) => ({
    place: `${file}:${text.slice(0, index).split("\n").length}`,
    code: code!.replaceAll(/^ *\* ?/gm, "")
      .replaceAll(/"(\.\.?\/[^"]+)"/g, (_, path) => JSON.stringify(new URL(path, url).href)),
  }));
}
