import { filePath } from "../../src/core/io/file_path.ts";
import { packedProgram } from "./packed_program.ts";

/** The project's folder. */
export const PROJECT: URL = new URL("../../", import.meta.url);

/** Path of a file of the project, named from the project's folder. */
export function projectPath(file: string): string {
  return filePath(new URL(file, PROJECT));
}

/** The sources in one of its folders, such as `src/`, named from the project's folder. */
export async function* sourcesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, PROJECT))) {
    if (isDirectory) yield* sourcesIn(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

/**
 * Whether the stand-ins of `deps` are in use, not the real `@std` packages: wherever those
 * come from, be it JSR, a mirror of it, or a folder.
 */
export function usesStandIns(): boolean {
  return import.meta.resolve("@std/ini") === new URL("deps/ini.ts", PROJECT).href;
}

/** The `file:` URL of a path. */
export function fileUrl(path: string): URL {
  const url = new URL("file:///");
  // The rest of what a URL cannot hold is encoded by the assignment.
  url.pathname = path.replaceAll("%", "%25");
  return url;
}

/** Folders that have to be read for the `@std` packages, where they do not come from the net. */
export function registryFolders(): string[] {
  const registry = Deno.env.get("JSR_URL");
  const isFolder = !usesStandIns() && registry !== undefined && registry.startsWith("file:");
  return isFolder ? [filePath(new URL(registry))] : [];
}

/**
 * The flags with which the `@std` packages resolve as they do in this process, also in programs that
 * lie outside of the project.
 */
export function importFlags(): string[] {
  const packed = packedProgram();
  if (packed !== undefined) return [`--import-map=${packed.importMap}`];
  return usesStandIns()
    ? [`--import-map=${projectPath("deps/npm.json")}`]
    : [`--config=${projectPath("deno.json")}`];
}
