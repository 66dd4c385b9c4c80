import { assert, assertEquals } from "@std/assert";
import { PROJECT, projectPath, sourcesIn } from "../harness/project.ts";
import { runDeno } from "../harness/run_deno.ts";

/** An example of a doc comment. */
interface Example {
  /** File and line where it stands. */
  readonly place: string;
  readonly code: string;
}

/** Examples of doc comments, and where they are written. */
export class DocExamples {
  readonly #folder: string;
  readonly #examples: readonly Example[];

  private constructor(folder: string, examples: readonly Example[]) {
    this.#folder = folder;
    this.#examples = examples;
  }

  /** Writes each of them into a file of that folder, beside the configuration that they read. */
  static async write(folder: string): Promise<DocExamples> {
    const examples = await readExamples();
    assert(examples.length > 100, `${examples.length} examples`);
    const conf = await Deno.readTextFile(projectPath("examples/logger_config/debug.conf"));
    await Deno.writeTextFile(`${folder}/logging.conf`, conf);
    for (const [index, { place, code }] of examples.entries()) {
      await Deno.writeTextFile(
        `${folder}/example_${index}.ts`,
        `// ${place}\n${code}\nexport {};\n`,
      );
    }
    return new DocExamples(folder, examples);
  }

  /** Runs all that may run. */
  async run(flags: readonly string[]): Promise<void> {
    const running = this.#examples.flatMap(({ code }, index) =>
      mayRun(code) ? [`example_${index}.ts`] : []
    );
    assert(running.length > 80, `${running.length} examples that run`);
    await Deno.writeTextFile(`${this.#folder}/main.ts`, runnerOf(running));
    const out = await runDeno("run", "-q", ...flags, `${this.#folder}/main.ts`);
    assertEquals(out.split("\n").filter((line) => line.startsWith("FAILED")), []);
  }
}

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
