import { filePath } from "../../../src/core/io/file_path.ts";
import { readModuleGraph } from "../../harness/module_graph.ts";
import { fileUrl } from "../../harness/project.ts";
import { resolveFlags } from "../deno_command.ts";

/** Name of such a program beside others. */
export const EMPTY_MODULES = "as many empty modules";

/** A program of modules that import each other and do nothing else. */
export interface EmptyModules extends AsyncDisposable {
  /** Where it starts. */
  readonly program: URL;
}

/**
 * Makes a program of as many modules as another one has, with the same imports: what Deno needs to
 * load them is the floor of a start from sources.
 */
export async function makeEmptyModules(program: URL): Promise<EmptyModules> {
  const { roots, modules: all } = await readModuleGraph(filePath(program), await resolveFlags());
  // What Deno itself has, and packages of npm, count as what they are elsewhere: nothing here.
  const modules = all.filter(({ specifier }) => specifier.startsWith("file:"));
  const folder = await Deno.makeTempDir({ prefix: "logdial_empty_modules_" });
  const files = new Map(modules.map(({ specifier }, index) => [specifier, `m${index}.ts`]));
  for (const { specifier, dependencies = [] } of modules) {
    const imports = dependencies.flatMap(({ code, isDynamic = false }) => {
      const file = files.get(code?.specifier ?? "");
      if (file === undefined) return [];
      return isDynamic ? [`void (() => import("./${file}"));\n`] : [`import "./${file}";\n`];
    });
    await Deno.writeTextFile(`${folder}/${files.get(specifier)!}`, imports.join(""));
  }
  return {
    program: fileUrl(`${folder}/${files.get(roots[0]!)!}`),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
