import { PROJECT, projectPath, usesStandIns } from "../harness/project.ts";

/** What imports mean in an example: the package's names, and what the package itself imports. */
export async function packageImports(): Promise<Record<string, string>> {
  const { name, exports, imports } = JSON.parse(await Deno.readTextFile(projectPath("deno.json")));
  const all: Record<string, string> = {};
  for (const [entry, file] of Object.entries(exports as Record<string, string>)) {
    all[`${name}${entry.slice(1)}`] = new URL(file, PROJECT).href;
  }
  if (!usesStandIns()) return { ...imports, ...all };
  const map = new URL("deps/npm.json", PROJECT);
  const standIns = JSON.parse(await Deno.readTextFile(map)).imports as Record<string, string>;
  for (const [specifier, target] of Object.entries(standIns)) {
    all[specifier] = target.startsWith(".") ? new URL(target, map).href : target;
  }
  return all;
}
