import { PACKAGE_ENTRIES } from "../../deps/package_entries.ts";
import { PROJECT, usesStandIns } from "./project.ts";

/** The package's files in `dist`, by the paths of the sources of their entries. */
export const PACKED_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PACKAGE_ENTRIES).map(([name, { source }]) => [source, `${name}.js`]),
);

/** What `@std` imports mean in this process, with the files of the stand-ins at `deps`. */
export function stdTargets(deps: string): Record<string, string> {
  const config = usesStandIns() ? "deps/npm.json" : "deno.json";
  const text = Deno.readTextFileSync(new URL(config, PROJECT));
  const { imports } = JSON.parse(text) as { imports: Record<string, string> };
  const targets = Object.entries(imports).flatMap(([name, target]) => {
    if (target.startsWith("./")) return [[name, new URL(target, deps).href]];
    // Unlike deno.json, an import map says nothing of a package's other entries by itself.
    return target.startsWith("jsr:")
      ? [[name, target], [`${name}/`, target.replace("jsr:", "jsr:/") + "/"]]
      : [[name, target]];
  });
  return Object.fromEntries(targets);
}

/**
 * An import map with the targets that `@std` has in this process, those of the project at
 * `deps`, and with `entries`, by the paths of their sources, in the place of these.
 */
export function packageMap(deps: string, entries: Readonly<Record<string, string>> = {}): string {
  const sources = Object.entries(entries).map(([path, url]) => [new URL(path, PROJECT).href, url]);
  return JSON.stringify({ imports: { ...stdTargets(deps), ...Object.fromEntries(sources) } });
}
