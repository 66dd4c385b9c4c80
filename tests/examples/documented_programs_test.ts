import { assertEquals } from "@std/assert";
import { EXPORTED_SOURCES } from "../../deps/package_entries.ts";
import { importFlags, PROJECT, projectPath } from "../harness/project.ts";
import { DocExamples } from "./doc_examples.ts";
import { runDeno } from "../harness/run_deno.ts";
import { packageImports } from "./package_imports.ts";
import { PagePrograms } from "./page_programs.ts";

/** A part of what `deno doc --json` says. */
interface Documented {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly Symbol[] }>>;
}

interface Symbol {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

interface Declaration {
  readonly location: Place;
  readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
  readonly kind: string;
  /** What a "reference" is to: another entry has it as well, and documents it. */
  readonly def?: { readonly target?: Place };
}

interface Place {
  readonly filename: string;
  readonly byteIndex: number;
}

const placeOf = ({ filename, byteIndex }: Place) => `${filename}:${byteIndex}`;

/** Types of the client are what its functions give back: their examples show them. */
const TYPES = ["interface", "typeAlias"];

Deno.test("all that the package exports has an example", async () => {
  const json = await runDeno("doc", "--json", ...importFlags(), ...EXPORTED_SOURCES);
  const { nodes } = JSON.parse(json) as Documented;
  const symbolsOf = (entry: string) => nodes[new URL(entry, PROJECT).href]!.symbols;
  const shown = new Set<string>();
  for (const { declarations } of EXPORTED_SOURCES.flatMap(symbolsOf)) {
    if (!declarations.some(({ jsDoc }) => jsDoc?.tags?.some(({ kind }) => kind === "example"))) {
      continue;
    }
    for (const { location } of declarations) shown.add(placeOf(location));
  }
  const bare: string[] = [];
  for (const entry of EXPORTED_SOURCES) {
    for (const { name, declarations } of symbolsOf(entry)) {
      if (entry === "src/client/mod.ts" && TYPES.includes(declarations[0]!.kind)) continue;
      const places = declarations.map(({ location, def }) => placeOf(def?.target ?? location));
      if (!places.some((place) => shown.has(place))) bare.push(`${entry} ${name}`);
    }
  }
  assertEquals(bare, []);
});

// One check for all: each would read the types of Deno and of the package anew.
Deno.test("what is documented is right TypeScript, and runs", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "logdial_documented_" });
  try {
    for (const name of ["examples", "pages"]) await Deno.mkdir(`${folder}/${name}`);
    const examples = await DocExamples.write(`${folder}/examples`);
    const pages = await PagePrograms.write(`${folder}/pages`);
    const map = `${folder}/import_map.json`;
    const imports = await packageImports();
    const alsoAsJsr = Object.entries(imports).filter(([name]) => name.startsWith("@logdial/"))
      .map(([name, file]) => [`jsr:${name}`, file]);
    await Deno.writeTextFile(
      map,
      JSON.stringify({ imports: { ...imports, ...Object.fromEntries(alsoAsJsr) } }),
    );
    const config = ["--no-config", `--import-map=${map}`];
    // What the libraries of others ask for as they are loaded.
    const others = ["--allow-env", "--allow-sys"];
    const allow = ["--allow-net=127.0.0.1", "--allow-read", `--allow-write=${folder}`, ...others];
    const flags = [...config, ...allow];

    await t.step(
      "it is right TypeScript; what is misspelt in a dict is refused, and what programs have taken",
      async () => {
        // Each line of it that must be refused is expected to be an error there.
        const dicts = projectPath("tests/fixtures/types/dict_config.ts");
        await runDeno("check", "-q", ...config, folder, dicts);
      },
    );
    await t.step("every example of a doc comment runs", () => examples.run(flags));
    await t.step("programs of the pages for newcomers print what the pages say", () => {
      return pages.run(flags);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
