import { filePath } from "../../../src/core/io/file_path.ts";
import { fileUrl, PROJECT } from "../../harness/project.ts";
import { resolveFlags } from "../deno_command.ts";

/** What is used here of what `deno info --json` prints. */
interface ModuleGraph {
  readonly roots: readonly string[];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

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
  const { roots, modules } = await readGraph(program);
  const folder = await Deno.makeTempDir({ prefix: "logdial_empty_modules_" });
  const files = new Map(modules.map(({ specifier }, index) => [specifier, `m${index}.ts`]));
  for (const { specifier, dependencies = [] } of modules) {
    const imports = dependencies.flatMap(({ code, isDynamic = false }) => {
      const file = code && files.get(code.specifier);
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

async function readGraph(program: URL): Promise<ModuleGraph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...await resolveFlags(), filePath(program)],
    cwd: PROJECT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const graph = JSON.parse(new TextDecoder().decode(stdout)) as ModuleGraph;
  // What Deno itself has, and packages of npm, count as what they are elsewhere: nothing here.
  return { ...graph, modules: graph.modules.filter(({ specifier }) => /^file:/.test(specifier)) };
}
