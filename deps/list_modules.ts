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
import { readModuleGraph } from "../tests/harness/module_graph.ts";
import { MODULE_LISTS, type ModuleList } from "./module_lists.ts";

const PROJECT = new URL("../", import.meta.url);

/** The text that a list has to have. */
export async function listModules(list: ModuleList, flags: readonly string[]): Promise<string> {
  const modules = await modulesOf(list, flags);
  const known = new Set(list.beyond && await modulesOf(list.beyond, flags));
  const listed = modules.filter((path) => !known.has(path));
  if (list.beyond !== undefined) listed.unshift(list.beyond.file);
  const from = new URL(list.file, PROJECT);
  const imports = listed.map((path) => `import "${pathFrom(from, new URL(path, PROJECT))}";\n`);
  return headOf(list) + imports.join("");
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

/** What all entries of a list load, by paths inside the project, sorted. */
async function modulesOf(
  { entries }: ModuleList,
  flags: readonly string[],
): Promise<readonly string[]> {
  const loaded = await Promise.all(entries.map((entry) => loadedBy(entry, flags)));
  const [first, ...others] = loaded;
  return [...first!].filter((path) => others.every((paths) => paths.has(path))).sort();
}

/** The sources that an entry loads before it runs, without itself and without lists. */
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

function pathFrom(from: URL, to: URL): string {
  const [start, target] = [from, to].map(({ href }) => href.split("/"));
  let same = 0;
  while (start![same] === target![same]) same++;
  const up = "../".repeat(start!.length - same - 1);
  return `${up || "./"}${target!.slice(same).join("/")}`;
}

if (import.meta.main) {
  for (const list of MODULE_LISTS) {
    await Deno.writeTextFile(new URL(list.file, PROJECT), await listModules(list, Deno.args));
  }
}
