import { DocExamples } from "./doc_examples.ts";
import { packageImports } from "./package_imports.ts";
import { PagePrograms } from "./page_programs.ts";

/** All programs that are documented, in a folder of their own. */
export class Documented implements AsyncDisposable {
  readonly folder: string;
  /** Flags by which they find the package. */
  readonly config: readonly string[];
  readonly examples: DocExamples;
  readonly pages: PagePrograms;

  private constructor(folder: string, map: string, examples: DocExamples, pages: PagePrograms) {
    this.folder = folder;
    this.config = ["--no-config", `--import-map=${map}`];
    this.examples = examples;
    this.pages = pages;
  }

  /** Writes them. */
  static async write(): Promise<Documented> {
    const folder = await Deno.makeTempDir({ prefix: "logdial_documented_" });
    for (const name of ["examples", "pages"]) await Deno.mkdir(`${folder}/${name}`);
    const examples = await DocExamples.write(`${folder}/examples`);
    const pages = await PagePrograms.write(`${folder}/pages`);
    const map = `${folder}/import_map.json`, imports = await packageImports();
    const alsoAsJsr = Object.entries(imports).filter(([name]) => name.startsWith("@logdial/"))
      .map(([name, file]) => [`jsr:${name}`, file]);
    const all = { imports: { ...imports, ...Object.fromEntries(alsoAsJsr) } };
    await Deno.writeTextFile(map, JSON.stringify(all));
    return new Documented(folder, map, examples, pages);
  }

  /** Removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
