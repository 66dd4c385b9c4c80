/**
 * `deno task list-modules`: writes the lists of modules that entries import first. Its arguments are
 * the flags of `deps/resolve.ts`.
 *
 * As a program starts, Deno decodes the source map of each TypeScript module that is the first to
 * import another one. Where a list has imported all others before, it decodes the list's only, and
 * a program starts a tenth faster from the sources. The package is JavaScript, and has no lists.
 *
 * @module
 */
import { dirname, relative } from "node:path/posix";
import { readModuleGraph } from "../tests/harness/module_graph.ts";
import { MODULE_LISTS, type ModuleList } from "./module_lists.ts";

const PROJECT = new URL("../", import.meta.url);

/** The texts that the lists have to have, by their files. */
export async function listModules(flags: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = [...new Set(MODULE_LISTS.flatMap(({ entries }) => entries))];
  const loaded = new Map(
    await Promise.all(entries.map(async (entry) => [entry, await loadedBy(entry, flags)] as const)),
  );
  // What all entries of a list load, sorted.
  const modulesOf = ({ entries: [first, ...others] }: ModuleList) =>
    [...loaded.get(first!)!].filter((path) => others.every((one) => loaded.get(one)!.has(path)))
      .sort();
  return new Map(MODULE_LISTS.map((list) => {
    const known = new Set(list.beyond && modulesOf(list.beyond));
    const listed = modulesOf(list).filter((path) => !known.has(path));
    const imports = listed.map((path) => `import "${pathFrom(list.file, path)}";\n`);
    return [list.file, headOf(list) + imports.join("")];
  }));
}

function headOf({ entries }: ModuleList): string {
  return `/**
 * What each of these loads: ${entries.map((entry) => `\`${entry}\``).join(", ")}.
 *
 * It is imported first, so that a program starts faster from the sources: see
 * \`deps/list_modules.ts\`, which writes this (\`deno task list-modules\`).
 *
 * @module
 */
`;
}

/** The sources that an entry loads before it runs, without itself and lists, by their paths. */
async function loadedBy(entry: string, flags: readonly string[]): Promise<ReadonlySet<string>> {
  const { roots, modules } = await readModuleGraph(entry, flags);
  const imports = new Map(modules.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.flatMap(({ code, isDynamic = false }) => isDynamic ? [] : code?.specifier ?? []),
  ]));
  const lists = new Set(MODULE_LISTS.map(({ file }) => new URL(file, PROJECT).href));
  const found = new Set<string>(), waiting = [...roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next) || lists.has(next)) continue;
    found.add(next);
    waiting.push(...imports.get(next) ?? []);
  }
  const sources = new URL("src/", PROJECT).href;
  const isListed = (specifier: string) =>
    specifier.startsWith(sources) && !roots.includes(specifier);
  return new Set([...found].filter(isListed).map((one) => one.slice(PROJECT.href.length)));
}

function pathFrom(file: string, path: string): string {
  const way = relative(dirname(file), path);
  return way.startsWith(".") ? way : `./${way}`;
}

if (import.meta.main) {
  for (const [file, text] of await listModules(Deno.args)) {
    await Deno.writeTextFile(new URL(file, PROJECT), text);
  }
}
