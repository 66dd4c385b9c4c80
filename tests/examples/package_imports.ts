import { stdTargets } from "../harness/package_map.ts";
import { PROJECT, projectPath } from "../harness/project.ts";

/** What imports mean in an example: the package's names, and what the package itself imports. */
export async function packageImports(): Promise<Record<string, string>> {
  const { name, exports } = JSON.parse(await Deno.readTextFile(projectPath("deno.json")));
  const all = stdTargets(new URL("deps/", PROJECT).href);
  for (const [entry, file] of Object.entries(exports as Record<string, string>)) {
    all[`${name}${entry.slice(1)}`] = new URL(file, PROJECT).href;
  }
  return all;
}
