/**
 * `deno task pack`: makes the package in `dist`, by Deno's own bundler. Its arguments are the flags
 * of `deps/resolve.ts`; where that chose stand-ins for the `@std` packages, these are bundled in,
 * which is good for tests and must not be published.
 *
 * A program that imports hundreds of modules starts half as fast as one that imports a few. So the
 * package has one file per entry, all in one folder, and few chunks that they share; `@std` is in
 * them. Functions and classes keep their names, but for a number where two functions share one, and
 * each statement has its line, so that an error's stack can be read; only private methods are shown
 * there by short names. What a start runs is compiled
 * once (`hasten_starts.ts`). Types and documentation are in `types`, as the sources declare them;
 * the sources lie beside, to be read.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { filePath } from "../src/core/io/file_path.ts";
import { declareTypes } from "./declare_types.ts";
import { fillSources } from "./fill_sources.ts";
import { hastenStarts } from "./hasten_starts.ts";
import { type ChunkGroups, mergeChunks } from "./merge_chunks.ts";
import { MODULE_LISTS } from "./module_lists.ts";
import { PACKAGE_ENTRIES } from "./package_entries.ts";
import { requireDenoFirst } from "./require_deno_first.ts";

const PROJECT = new URL("../", import.meta.url);
const DIST = new URL("dist/", PROJECT);

/** The file that has the page's files, and where its script begins. */
const PAGE_FILES = "src/web/server/page_files.ts", PAGE = "src/web/page/";

/** Entries that users import. */
const EXPORTED_ENTRIES = Object.keys(PACKAGE_ENTRIES)
  .filter((name) => PACKAGE_ENTRIES[name]!.export !== undefined);

/** The file that says where threads start, and what it says in the package. */
const THREAD_ENTRIES = "src/hub/board/thread_entries.ts";
const PACKED_THREAD_ENTRIES = `
export const hubEntry = () => new URL("./logdial_hub.js", import.meta.url);
export const pipeThreadEntry = () => new URL("./logdial_pipe.js", import.meta.url);
export const entriesFolder = () => new URL("./", import.meta.url);
`;

interface Config {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

const CONFIG = JSON.parse(await Deno.readTextFile(new URL("deno.json", PROJECT))) as Config;

/**
 * The parts of the command, each in one file: Deno resolves each literal `import()` when a program
 * starts, so that a file costs where it is not used, too.
 */
const COMMANDS: ChunkGroups["together"] = [
  "cli status completions",
  "set send loggers why record dump get diff tail history rollback reset",
  "check explain_config",
  "complete top run_top mcp web agent fleet",
].map((names) => names.split(" "));

/**
 * What is bundled together. The command loads each of its parts by itself, so that it starts fast;
 * bundled with the rest, that would cut into pieces what programs load as a whole.
 */
const BUNDLES: readonly { readonly names: readonly string[]; readonly groups: ChunkGroups }[] = [
  {
    names: Object.keys(PACKAGE_ENTRIES).filter((name) => name !== "cli"),
    groups: {
      together: [["core"], ["mod", "logger"], ["logdial_hub"]],
      smallest: "logdial_pipe",
      inlined: "process_file",
      threads: { entries: ["logdial_hub", "logdial_pipe"], startedBy: ["mod", "logger"] },
    },
  },
  { names: ["cli"], groups: { together: COMMANDS, inLayers: true, rest: "check" } },
];

await remove(DIST);
await Deno.mkdir(DIST);
const stage = pathToFileURL(`${await Deno.makeTempDir()}/`);
/** Files that programs load which log. */
let logging: readonly string[] = [];
try {
  await stageSources(stage);
  for (const { names, groups } of BUNDLES) {
    const out = new URL(`out_${names[0]}/`, stage);
    await bundle(stage, names, out);
    for await (const { name } of Deno.readDir(out)) await keepClassNames(new URL(name, out));
    const files = await mergeChunks(out, DIST, names, groups);
    if (names.includes("mod")) logging = files;
  }
} finally {
  await remove(stage);
}
for (const path of CONFIG.publish.include) await copy(path, DIST);
for (const path of ["mod.ts", ...await filesOf("src")]) {
  // The page is no module of the package, and a list of modules declares nothing.
  const isModule = path.endsWith(".ts") && !path.startsWith(PAGE);
  if (isModule && MODULE_LISTS.every(({ file }) => file !== path)) await writeTypes(path);
}
await requireDenoFirst(DIST, EXPORTED_ENTRIES, await denoCheck());
await hastenStarts(DIST);
await fillSources(DIST, logging);
for (const name of EXPORTED_ENTRIES) await nameTypes(name, PACKAGE_ENTRIES[name]!.source);
await writeConfig();
console.log(`The package is in ${filePath(DIST)}`);

/** The sources, with what is different in the package. */
async function stageSources(stage: URL): Promise<void> {
  for (const path of ["mod.ts", "src", "deps", "deno.json"]) await copy(path, stage);
  await Deno.writeTextFile(new URL(THREAD_ENTRIES, stage), PACKED_THREAD_ENTRIES);
  await Deno.writeTextFile(new URL(PAGE_FILES, stage), await packedPageFiles());
  // Those would only keep modules together that the package parts.
  for (const { file } of MODULE_LISTS) await Deno.writeTextFile(new URL(file, stage), "");
  for (const [name, { source }] of Object.entries(PACKAGE_ENTRIES)) {
    if (name === "mod") continue;
    await Deno.writeTextFile(new URL(`${name}.ts`, stage), entryOf(name, source));
  }
}

/** What says that this is no Deno, for the beginning of a file: it leaves no names there. */
function denoCheck(): Promise<string> {
  const source = filePath(new URL("src/core/runtime/require_deno.ts", PROJECT));
  return runBundler(["--platform=browser", "--format=iife", "--minify", source], PROJECT);
}

/** What serves the page in the package: its script in one file, as a browser runs it. */
async function packedPageFiles(): Promise<string> {
  const read = (name: string) => Deno.readTextFile(new URL(`${PAGE}${name}`, PROJECT));
  const script = await runBundler(
    ["--platform=browser", "--minify", filePath(new URL(`${PAGE}main.ts`, PROJECT))],
    PROJECT,
  );
  const plain = {
    "/": await read("page.html"),
    "/page.css": await read("page.css"),
    "/icon.svg": await read("icon.svg"),
  };
  const record = "Readonly<Record<string, string>>";
  return `export const PLAIN_FILES: ${record} = ${JSON.stringify(plain)};
export function loadScripts(): Promise<${record}> {
  return Promise.resolve({ "/page/main.ts": ${JSON.stringify(script)} });
}
`;
}

/** In a bundle only an entry itself knows that it is the program. */
function entryOf(name: string, source: string): string {
  const whole = `export * from "./${source}";\n`;
  if (name !== "cli") return whole;
  return `${whole}import { main } from "./${source}";
import { ownStdout } from "./src/cli/printing/print.ts";
if (import.meta.main) {
  ownStdout();
  Deno.exit(await main(Deno.args));
}
`;
}

async function bundle(stage: URL, names: readonly string[], out: URL): Promise<void> {
  const map = Deno.args.length === 0
    ? []
    : [`--import-map=${filePath(new URL("deps/npm.json", stage))}`];
  const entries = names.map((name) => `${name}.ts`);
  await runBundler([
    ...map,
    "--platform=deno",
    "--format=esm",
    "--code-splitting",
    `--outdir=${filePath(out)}`,
    ...entries,
  ], stage);
}

/** Runs Deno's bundler; returns what it prints. */
async function runBundler(args: readonly string[], cwd: URL): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", ...args],
    cwd,
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return out!;
  throw new Error(`Cannot bundle: ${out}${error}`);
}

/**
 * Classes are shown, and told from others, by their names. The bundler makes them variables, and
 * gives another name to those that speak of themselves; its own way to keep names is a call for
 * each function and class of the package, which takes a tenth of a program's start.
 */
async function keepClassNames(file: URL): Promise<void> {
  let code = await Deno.readTextFile(file);
  for (const [, own] of code.matchAll(/^var (\w+) = class _\1\b/gm)) {
    code = code.replaceAll(new RegExp(`\\b_${own}\\b`, "g"), own!);
  }
  code = code.replace(/^var (\w+) = class(?: \1\b)?(?= (?:\{|extends\b))/gm, "class $1");
  const [other] = /\bclass _\w+|^var \w+ = class\b/m.exec(code) ?? [];
  if (other !== undefined) {
    throw new Error(`Cannot keep the name of a class in ${filePath(file)}: "${other}"`);
  }
  await Deno.writeTextFile(file, code);
}

async function writeTypes(path: string): Promise<void> {
  const source = await Deno.readTextFile(new URL(path, PROJECT));
  const target = new URL(typesOf(path), DIST);
  await Deno.mkdir(new URL("./", target), { recursive: true });
  await Deno.writeTextFile(target, declareTypes(source, path));
}

function typesOf(path: string): string {
  return `types/${path.replace(/\.ts$/, ".d.ts")}`;
}

/** Deno takes types and documentation from there. */
async function nameTypes(name: string, source: string): Promise<void> {
  const file = new URL(`${name}.js`, DIST);
  const code = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, `/* @ts-self-types="./${typesOf(source)}" */\n${code}`);
}

async function writeConfig(): Promise<void> {
  const { name, version, license, imports } = CONFIG;
  const exports = Object.fromEntries(
    Object.entries(PACKAGE_ENTRIES).flatMap(([file, entry]) =>
      entry.export === undefined ? [] : [[entry.export, `./${file}.js`]]
    ),
  );
  // Git ignores the folder, and so would the publishing.
  const publish = { exclude: ["!./**"] };
  const config = { name, version, license, exports, imports, lock: false, publish };
  await Deno.writeTextFile(new URL("deno.json", DIST), `${JSON.stringify(config, null, 2)}\n`);
}

/** Copies a file or a folder of the project. */
async function copy(path: string, to: URL): Promise<void> {
  for (const file of await filesOf(path)) {
    const target = new URL(file, to);
    await Deno.mkdir(new URL("./", target), { recursive: true });
    await Deno.copyFile(new URL(file, PROJECT), target);
  }
}

/** The files of a folder of the project, or the file itself. */
async function filesOf(path: string): Promise<string[]> {
  const url = new URL(path, PROJECT);
  if (!(await Deno.stat(url)).isDirectory) return [path];
  const files: string[] = [];
  for await (const { name } of Deno.readDir(url)) files.push(...await filesOf(`${path}/${name}`));
  return files;
}

async function remove(folder: URL): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
