/** Folders of `src`, lowest first: a file imports from its own folder or from lower ones. */
export const LAYERS = [
  "src/core/format/",
  "src/core/",
  "src/handlers/",
  "src/config/",
  "src/wire/",
  "src/hub/",
  "src/client/",
  "src/",
  "src/cli/",
  "workers/",
  "mod.ts",
];

/** The part of `deno info --json` that is read here. */
interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** Stand-ins for the `@std` packages: whoever may import those may import these. */
const STAND_INS = "deps/";

/** Who imports whom, by path inside the project. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of the modules reachable from `entries`. */
export async function readImports(
  entries: readonly string[],
  flags: readonly string[],
): Promise<Imports> {
  const root = new URL("..", import.meta.url).href;
  const imports = new Map<string, string[]>();
  for (const entry of entries) {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", ...flags, entry],
      cwd: new URL("..", import.meta.url),
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const graph = JSON.parse(new TextDecoder().decode(stdout)) as ModuleGraph;
    for (const { specifier, dependencies = [] } of graph.modules) {
      if (!specifier.startsWith(root)) continue;
      const targets = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
        .filter((target) => target !== undefined && target.startsWith(root))
        .map((target) => target!.slice(root.length))
        .filter((target) => !target.startsWith(STAND_INS));
      imports.set(specifier.slice(root.length), [...new Set(targets)]);
    }
  }
  return imports;
}

/** The imports that go up, as lines for a person. */
export function findUpward(imports: Imports): string[] {
  const found: string[] = [];
  for (const [file, targets] of imports) {
    for (const target of targets) {
      if (layerOf(target) > layerOf(file)) found.push(`${file} imports ${target}, a higher layer`);
    }
  }
  return found;
}

/** The first circle of imports, as a line for a person. */
export function findCircle(imports: Imports): string | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const circle = visit(target, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

function layerOf(file: string): number {
  const layer = LAYERS.findIndex((prefix) =>
    file.startsWith(prefix) && (prefix !== "src/" || !file.slice(4).includes("/"))
  );
  return layer < 0 ? LAYERS.length : layer;
}
