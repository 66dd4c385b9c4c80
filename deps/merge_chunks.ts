import { type ManualChunkMeta, type ModuleInfo, rollup } from "npm:rollup@4.53.3";
import { minify } from "npm:terser@5.44.1";
import { filePath } from "../src/core/io/file_path.ts";

/** What a file imports when it is loaded, by its name or path. */
type ImportsOf = (file: string) => readonly string[];

/** Which chunks of a bundle become one. */
export interface ChunkGroups {
  /** Entries that belong together: what is needed by the same of these is one chunk. */
  readonly together: readonly (readonly string[])[];
  /** Whether each of these loads those before it: then all that it needs beyond them is one chunk. */
  readonly inLayers?: boolean;
  /** The first entry of the group that takes what is loaded later by itself, with layers. */
  readonly rest?: string;
  /** An entry that needs so little that all groups load it, rather than one file more. */
  readonly smallest?: string;
  /** A file that another one loads later by itself, and that is loaded with it. */
  readonly inlined?: string;
  /**
   * Entries of threads, which may export more than they say, so that they and their groups are one
   * file; and the entries that start these threads.
   */
  readonly threads?: { readonly entries: readonly string[]; readonly startedBy: readonly string[] };
}

/**
 * Merges the chunks of a bundle, and makes them small; the entries keep their names. Returns the
 * names of the files.
 *
 * The bundler makes a chunk for each set of entries that share something. Each costs a program a
 * third of a millisecond when it starts, and so do 50 KiB of code.
 */
export async function mergeChunks(
  from: URL,
  to: URL,
  entries: readonly string[],
  groups: ChunkGroups,
): Promise<string[]> {
  const pathOf = (name: string) => filePath(new URL(`${name}.js`, from));
  const { entries: threads = [], startedBy = [] } = groups.threads ?? {};
  const kept = entries.filter((name) => !threads.includes(name));
  const bundle = await rollup({
    input: Object.fromEntries(kept.map((name) => [name, pathOf(name)])),
    plugins: [{
      name: "thread-entries",
      buildStart() {
        for (const name of threads) {
          const one = { type: "chunk", id: pathOf(name), fileName: `${name}.js` } as const;
          this.emitFile({ ...one, preserveSignature: "allow-extension" });
        }
      },
    }],
    external: (id) => /^(node|npm|jsr):|^@/.test(id),
    preserveEntrySignatures: "strict",
    onwarn(warning) {
      if (warning.code !== "CIRCULAR_DEPENDENCY") throw new Error(warning.message);
    },
  });
  let merged: ReadonlyMap<string, string> | undefined;
  const { output } = await bundle.generate({
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "chunk-[hash].js",
    hoistTransitiveImports: false,
    manualChunks: (id, bundled) => (merged ??= groupFiles(bundled, groups)).get(id),
  });
  const chunks = output.filter((file) => file.type === "chunk");
  const chunkOf = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  requireNoCircle([...chunkOf.keys()], (name) => chunkOf.get(name)?.imports ?? []);
  requireFetched(threads, startedBy, (name) => {
    const { imports = [], dynamicImports = [] } = chunkOf.get(name) ?? {};
    return [...imports, ...dynamicImports];
  });
  requireClassNames(chunks.map(({ code }) => code).join("\n"));
  for (const { fileName, code } of chunks) {
    await Deno.writeTextFile(new URL(fileName, to), await shrink(fileName, code));
  }
  return [...chunkOf.keys()];
}

/** The group of each file that is merged with others, by the paths of the files. */
function groupFiles(
  { getModuleIds, getModuleInfo }: Pick<ManualChunkMeta, "getModuleIds" | "getModuleInfo">,
  { together, inLayers = false, rest = "", smallest, inlined }: ChunkGroups,
): ReadonlyMap<string, string> {
  const files = [...getModuleIds()].filter((file) => getModuleInfo(file)?.isExternal === false);
  const find = (name: string) => fileOf(name, files);
  const inlinedFile = inlined === undefined ? undefined : find(inlined);
  const importsOf = (file: string) => {
    const { importedIds = [], dynamicallyImportedIds = [] } = getModuleInfo(file) ?? {};
    return [...importedIds, ...dynamicallyImportedIds.filter((id) => id === inlinedFile)];
  };
  const little = smallest === undefined ? [] : reach(find(smallest), importsOf);
  const reached = together.map((group) =>
    new Set([...little, ...group.flatMap((name) => reach(find(name), importsOf))])
  );
  const groupOf = (file: string) => {
    const names = together.flatMap((group, at) => reached[at]!.has(file) ? [group[0]!] : []);
    return inLayers ? names[0] ?? rest : names.join("_");
  };
  const isEntry = (file: string) => getModuleInfo(file)!.isEntry;
  const shared = new Set(files.filter((file) => !isEntry(file)).map(groupOf));
  // Rollup puts a file that does nothing into any other, which then needs the chunks of both.
  const doesNothing = (file: string) =>
    getModuleInfo(file)!.ast!.body.every(({ type }) => /^(Import|Export)/.test(type));
  // What is only loaded later, and only passes on what a group has, belongs to that group.
  const groupOrOrigin = (file: string) => {
    const group = groupOf(file);
    return group !== "" || !doesNothing(file)
      ? group
      : groupOf(originOf(getModuleInfo(file)!) ?? file);
  };
  return new Map(
    files.map((file) => [file, groupOrOrigin(file)] as const)
      .filter(([, group]) => group !== "" && shared.has(group))
      .filter(([file]) => !isEntry(file) || doesNothing(file)),
  );
}

/** The file whose names a file passes on; bundlers add imports without names, for their order. */
function originOf({ ast, importedIds }: ModuleInfo): string | undefined {
  const named = ast!.body.find((one) =>
    one.type === "ImportDeclaration" && one.specifiers.length > 0
  ) as { source: { value: string } } | undefined;
  return named && importedIds.find((id) => id.endsWith(named.source.value.slice(1)));
}

/** In a circle a file could use what another has not made yet, which modules of functions may. */
function requireNoCircle(files: readonly string[], importsOf: ImportsOf): void {
  for (const file of files) {
    const back = importsOf(file).find((other) => reach(other, importsOf).includes(file));
    if (back !== undefined) throw new Error(`Cannot pack: ${file} and ${back} need each other`);
  }
}

/** While main blocks, no thread could fetch its file: it has to be fetched with the program. */
function requireFetched(
  threads: readonly string[],
  startedBy: readonly string[],
  importsOf: ImportsOf,
): void {
  for (const starter of startedBy) {
    const files = reach(`${starter}.js`, importsOf);
    const missing = threads.find((name) => !files.includes(`${name}.js`));
    if (missing === undefined) continue;
    throw new Error(
      `Cannot pack: ${starter} starts a thread of ${missing}, and does not import it`,
    );
  }
}

/** Classes are shown, and told from others, by their names: what shares one would get a number. */
export function requireClassNames(code: string): void {
  const namesOf = (declared: RegExp) =>
    new Set([...code.matchAll(declared)].map(([, name]) => name!));
  const all = namesOf(/\b(?:class|function\*?|var|let|const) ([\w$]+)/g);
  for (const name of namesOf(/\bclass ([\w$]+)/g)) {
    const own = name.replace(/\$?\d+$/, "");
    if (own !== name && all.has(own)) {
      throw new Error(`Cannot pack class ${own}: something else is called so, too`);
    }
  }
}

/**
 * The code without blanks and comments, and with short names where no error's stack shows them, and
 * of private methods: these could not be kept by themselves.
 */
async function shrink(name: string, code: string): Promise<string> {
  const names = { keep_classnames: true, keep_fnames: true };
  const { code: small } = await minify({ [name]: code }, {
    module: true,
    ecma: 2020,
    compress: { ...names, keep_fargs: true, inline: false, reduce_funcs: false },
    mangle: names,
    // A line for each statement, so that an error's stack tells where. One character beyond ASCII
    // would have V8 keep the whole file in two bytes each.
    format: { semicolons: false, comments: false, ascii_only: true },
  });
  return `${small}\n`;
}

/** The file and all that it imports, however far away. */
function reach(file: string, importsOf: ImportsOf, known = new Set<string>()): string[] {
  if (known.has(file)) return [];
  known.add(file);
  for (const imported of importsOf(file)) reach(imported, importsOf, known);
  return [...known];
}

/**
 * The file of an entry, whatever the order of the files; the bundler puts a hash behind the names of
 * those that load later, which may be called as an entry is.
 */
export function fileOf(entry: string, files: readonly string[]): string {
  const named = (hash: string) => {
    const names = new RegExp(`[/\\\\]${RegExp.escape(entry)}${hash}\\.js$`);
    return files.filter((path) => names.test(path));
  };
  const exact = named(""), found = exact.length > 0 ? exact : named("-[A-Z0-9]+");
  if (found.length === 1) return found[0]!;
  const what = found.length === 0 ? "Cannot find the file" : `There are ${found.length} files`;
  throw new Error(`${what} of ${entry} in the bundle`);
}
