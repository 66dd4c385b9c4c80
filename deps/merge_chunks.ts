import { rollup } from "npm:rollup@4.53.3";
import { minify } from "npm:terser@5.44.1";
import { filePath } from "../src/core/io/file_path.ts";

/** The files that one file imports when it is loaded, by their names in the folder. */
type Imports = ReadonlyMap<string, readonly string[]>;

/**
 * Which chunks become one: those that the same of these entries need. Entries of no group keep
 * chunks of their own.
 */
export type ChunkGroups = readonly (readonly string[])[];

/**
 * Merges the chunks of a bundle, and makes them small; the entries keep their names.
 *
 * The bundler makes a chunk for each set of entries that share something. Each costs a program a
 * third of a millisecond when it starts, and so do 50 KiB of code.
 */
export async function mergeChunks(
  from: URL,
  to: URL,
  entries: readonly string[],
  groups: ChunkGroups,
): Promise<void> {
  const imports = await importsIn(from);
  const files = [...imports.keys()];
  const reached = groups.map((group) =>
    new Set(group.flatMap((name) => reach(fileOf(name, files), imports)))
  );
  const groupOf = (name: string) =>
    groups.flatMap((group, at) => reached[at]!.has(name) ? [group[0]!] : []).join("_");
  const entryOf = (name: string) => entries.find((entry) => name === `${entry}.js`);
  const shared = new Set(files.filter((name) => entryOf(name) === undefined).map(groupOf));
  const merged = new Map<string, string>();
  for (const name of files) {
    const group = groupOf(name), entry = entryOf(name);
    if (group === "" || !shared.has(group)) continue;
    // Rollup puts an entry that does nothing into any other, which then needs the chunks of both.
    if (entry === undefined || await doesNothing(new URL(name, from))) merged.set(name, group);
  }
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((name) => [name, filePath(new URL(`${name}.js`, from))])),
    external: (id) => /^(node|npm|jsr):|^@/.test(id),
    preserveEntrySignatures: "strict",
    onwarn(warning) {
      if (warning.code !== "CIRCULAR_DEPENDENCY") throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "chunk-[hash].js",
    hoistTransitiveImports: false,
    manualChunks: (id) => merged.get(id.slice(id.lastIndexOf("/") + 1)),
  });
  const chunks = output.filter((file) => file.type === "chunk");
  requireNoCircle(new Map(chunks.map(({ fileName, imports }) => [fileName, imports])));
  requireClassNames(chunks.map(({ code }) => code).join("\n"));
  for (const { fileName, code } of chunks) {
    await Deno.writeTextFile(new URL(fileName, to), await shrink(fileName, code));
  }
}

/** In a circle a file could use what another has not made yet, which modules of functions may. */
function requireNoCircle(imports: Imports): void {
  for (const [name, files] of imports) {
    const back = files.find((file) => imports.has(file) && reach(file, imports).includes(name));
    if (back !== undefined) throw new Error(`Cannot pack: ${name} and ${back} need each other`);
  }
}

/** Classes are shown, and told from others, by their names: two of one name would get a number. */
function requireClassNames(code: string): void {
  const names = new Set([...code.matchAll(/\bclass ([\w$]+)/g)].map(([, name]) => name!));
  for (const name of names) {
    const own = name.replace(/\$?\d+$/, "");
    if (own !== name && names.has(own)) throw new Error(`Cannot pack two classes called ${own}`);
  }
}

/** The code without blanks and comments, and with short names where no error's stack shows them. */
async function shrink(name: string, code: string): Promise<string> {
  const names = { keep_classnames: true, keep_fnames: true };
  const { code: small } = await minify({ [name]: code }, {
    module: true,
    ecma: 2020,
    compress: { ...names, keep_fargs: true, inline: false, reduce_funcs: false },
    mangle: names,
    // A line for each statement, so that an error's stack tells where.
    format: { semicolons: false, comments: false },
  });
  return `${small}\n`;
}

async function importsIn(folder: URL): Promise<Imports> {
  const imports = new Map<string, string[]>();
  for await (const { name } of Deno.readDir(folder)) {
    const code = await Deno.readTextFile(new URL(name, folder));
    const found = code.matchAll(/^(?:import|export)\s?(?:[^;"]*?from\s?)?"\.\/([^"]+)"/gm);
    imports.set(name, [...found].map(([, file]) => file!));
  }
  return imports;
}

/** The file and all that it imports, however far away. */
function reach(name: string, imports: Imports, known = new Set<string>()): string[] {
  if (known.has(name)) return [];
  known.add(name);
  for (const file of imports.get(name) ?? []) reach(file, imports, known);
  return [...known];
}

/** Whether a file has nothing but what it imports and exports. */
async function doesNothing(file: URL): Promise<boolean> {
  const code = await Deno.readTextFile(file);
  return code.replace(/^(import|export)\b[^;]*;\n?/gm, "").replace(/^\/\/.*$/gm, "").trim() === "";
}

/** The file of an entry; the bundler puts a hash behind the names of those that load later. */
function fileOf(entry: string, files: readonly string[]): string {
  const file = files.find((name) => name === `${entry}.js` || name.startsWith(`${entry}-`));
  if (file === undefined) throw new Error(`Cannot find the file of ${entry} in the bundle`);
  return file;
}
