import { assertEquals } from "@std/assert";
import { EXPORTED_SOURCES } from "../../deps/package_entries.ts";
import { importFlags, PROJECT } from "../harness/project.ts";
import { runDeno } from "../harness/run_deno.ts";
import { Documented } from "./documented.ts";

/** A part of what `deno doc --json` says. */
interface DocumentedJson {
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
  const { nodes } = JSON.parse(json) as DocumentedJson;
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

// `deno task verify` checks their types.
Deno.test("what is documented runs", async (t) => {
  await using documented = await Documented.write();
  const { config, folder, examples, pages } = documented;
  // What the libraries of others ask for as they are loaded.
  const others = ["--allow-env", "--allow-sys"];
  const allow = ["--allow-net=127.0.0.1", "--allow-read", `--allow-write=${folder}`, ...others];
  const flags = [...config, ...allow];
  await t.step("every example of a doc comment", () => examples.run(flags));
  await t.step("programs of the pages for newcomers print what the pages say", () => {
    return pages.run(flags);
  });
});
