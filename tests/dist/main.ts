/**
 * `deno task test:dist`: packs the package, serves it over HTTP as a registry does, and runs suites
 * of real processes whose programs import it in place of the sources. Its arguments are the flags
 * of `deps/resolve.ts`.
 *
 * @module
 */
import { filePath } from "../../src/core/io/file_path.ts";
import { PACKED_PROGRAM, type PackedProgram } from "../harness/packed_program.ts";
import { PackageServer } from "../harness/package_server.ts";
import { PROJECT } from "../harness/project.ts";

const SUITES = ["registry", "hub", "faults", "cli", "dist"];

await run(["run", "--quiet", "--allow-all", "deps/pack.ts", ...Deno.args]);
await using server = PackageServer.ofPackage();
const folder = await Deno.makeTempDir({ prefix: "logdial_dist_" });
try {
  const importMap = `${folder}/import_map.json`;
  const entries = server.entries();
  await Deno.writeTextFile(importMap, server.importMap(entries));
  // What is fetched while a program runs, Deno tells on its stderr: also stand-ins, which programs
  // under test load that import sources.
  const { imports } = JSON.parse(server.importMap()) as { imports: Record<string, string> };
  const standIns = Object.values(imports).filter((target) => target.startsWith(server.url("")));
  await run([
    "cache",
    "--quiet",
    `--import-map=${importMap}`,
    "--allow-import",
    ...Object.values(entries),
    ...standIns,
  ]);
  const packed: PackedProgram = { host: server.host, importMap, entries };
  await run(
    ["test", ...Deno.args, "--allow-all", "--parallel", ...SUITES.map((name) => `tests/${name}`)],
    { [PACKED_PROGRAM]: JSON.stringify(packed) },
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function run(args: string[], env: Record<string, string> = {}): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), { args, env, cwd: filePath(PROJECT) }).spawn();
  const { code } = await child.status;
  if (code !== 0) Deno.exit(code);
}
