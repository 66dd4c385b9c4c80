import { filePath } from "../../../src/core/io/file_path.ts";
import { type ModuleGraph, readModuleGraph } from "../../harness/module_graph.ts";
import { fileUrl } from "../../harness/project.ts";
import { resolveFlags } from "../deno_command.ts";

/** Name of such a program beside others. */
export const UNRUN_MODULES = "the same text, not run";

/** A program of modules that import each other and do nothing else. */
export interface UnrunModules extends AsyncDisposable {
  /** Where it starts. */
  readonly program: URL;
}

/**
 * Makes a program of the modules of another one, with the same imports, whose text is a comment: what
 * Deno needs to load them is the floor of a start from sources. `thread` is the module of a thread
 * that it starts, as a program that listens starts its hub.
 */
export async function makeUnrunModules(program: URL, thread?: URL): Promise<UnrunModules> {
  const folder = await Deno.makeTempDir({ prefix: "logdial_unrun_modules_" });
  const root = await writeUnrun(folder, "m", program);
  if (thread !== undefined) {
    const started = await writeUnrun(folder, "t", thread);
    await append(`${folder}/${started}`, `self.postMessage("done");\n`);
    await append(
      `${folder}/${root}`,
      `const thread = new Worker(new URL("./${started}", import.meta.url), { type: "module" });
await new Promise((resolve) => thread.addEventListener("message", resolve));
thread.terminate();
`,
    );
  }
  return {
    program: fileUrl(`${folder}/${root}`),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Writes the modules of a program, and returns the name of its first one. */
async function writeUnrun(folder: string, prefix: string, program: URL): Promise<string> {
  const { roots, modules: all } = await readModuleGraph(filePath(program), await resolveFlags());
  // What Deno itself has, and packages of npm, count as what they are elsewhere: nothing here.
  const modules = all.filter(({ specifier }) => specifier.startsWith("file:"));
  const files = new Map(modules.map(({ specifier }, at) => [specifier, `${prefix}${at}.ts`]));
  for (const { specifier, dependencies = [] } of modules) {
    const text = await Deno.readTextFile(new URL(specifier));
    const lines = [...importsOf(dependencies, files), `/*${text.replaceAll("*/", "* /")}*/\n`];
    await Deno.writeTextFile(`${folder}/${files.get(specifier)!}`, lines.join(""));
  }
  return files.get(roots[0]!)!;
}

type Dependencies = NonNullable<ModuleGraph["modules"][number]["dependencies"]>;

function importsOf(dependencies: Dependencies, files: ReadonlyMap<string, string>): string[] {
  return dependencies.flatMap(({ code, isDynamic = false }) => {
    const file = files.get(code?.specifier ?? "");
    if (file === undefined) return [];
    return isDynamic ? [`void (() => import("./${file}"));\n`] : [`import "./${file}";\n`];
  });
}

async function append(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { append: true });
}
