import { assert, assertEquals } from "@std/assert";
import { projectPath } from "../harness/project.ts";
import { runDeno } from "../harness/run_deno.ts";

/** Pages whose programs say what they print. */
const PAGES = ["coming_from_pino", "coming_from_logtape", "structured_logging", "bridges"]
  .map((name) => `examples/${name}.md`);

/** A program of a page, and what stands below it. */
interface Shown {
  readonly place: string;
  readonly code: string;
  /** What it prints; undefined where the page does not say. */
  readonly output: string | undefined;
}

/** Programs of the pages for newcomers, and where they are written. */
export class PagePrograms {
  readonly #folder: string;
  readonly #shown: readonly Shown[];

  private constructor(folder: string, shown: readonly Shown[]) {
    this.#folder = folder;
    this.#shown = shown;
  }

  /** Writes each of them into a file of that folder. */
  static async write(folder: string): Promise<PagePrograms> {
    const shown = (await Promise.all(PAGES.map(readShown))).flat();
    for (const [index, { place, code }] of shown.entries()) {
      await Deno.writeTextFile(`${folder}/page_${index}.ts`, `// ${place}\n${code}\nexport {};\n`);
    }
    return new PagePrograms(folder, shown);
  }

  /** Runs all that say what they print, and compares. */
  async run(flags: readonly string[]): Promise<void> {
    const told = this.#shown.filter(({ output }) => output !== undefined);
    assert(told.length > 20, `${told.length} programs with output`);
    await Deno.writeTextFile(`${this.#folder}/main.ts`, runnerOf(this.#shown));
    const printed = await runDeno("run", "-q", ...flags, `${this.#folder}/main.ts`);
    const outputs = printed.split(MARK).slice(1);
    assertEquals(outputs.length, told.length);
    for (const [at, { place, output }] of told.entries()) {
      const pattern = new RegExp(`^${patternOf(output!)}$`, "s");
      assert(pattern.test(outputs[at]!.trim()), `${place} prints\n${outputs[at]}`);
    }
  }
}

/** Stands before what each program prints. */
const MARK = "\u0000next\u0000\n";

/** Runs those that print something, each in a thread of its own, until they have nothing to do. */
function runnerOf(shown: readonly Shown[]): string {
  const names = shown.flatMap(({ output }, index) =>
    output === undefined ? [] : [`page_${index}.ts`]
  );
  return `
Deno.chdir(new URL(".", import.meta.url));
for (const name of ${JSON.stringify(names)}) {
  Deno.stdout.writeSync(new TextEncoder().encode(${JSON.stringify(MARK)}));
  const source = \`
    globalThis.addEventListener("error", (event) => event.preventDefault());
    await import(\${JSON.stringify(import.meta.resolve("./" + name))});
    await new Promise((resolve) => setTimeout(resolve));
    globalThis.dispatchEvent(new Event("load"));
    self.postMessage("done");\`;
  const worker = new Worker("data:text/javascript," + encodeURIComponent(source), { type: "module" });
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = (event) => reject(new Error(name + ": " + event.message));
  });
  worker.terminate();
}
`;
}

/** Times are whatever they are, and \`…\` stands for anything. */
function patternOf(output: string): string {
  return output.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("…", ".*?")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\\\.\d{3}Z/g, "[-\\dT:.]{23}Z");
}

async function readShown(page: string): Promise<Shown[]> {
  const text = await Deno.readTextFile(projectPath(page));
  const blocks = text.matchAll(/^```ts\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?/gms);
  return [...blocks].map(({ 1: code, 2: output, index }) => ({
    place: `${page}:${text.slice(0, index).split("\n").length}`,
    code: code!,
    output,
  }));
}
