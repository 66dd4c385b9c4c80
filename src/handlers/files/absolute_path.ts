import { quote } from "../../core/errors/quote.ts";
import { filePath } from "../../core/io/file_path.ts";

/**
 * The path made absolute and normal, as Python's `os.path.abspath` does; a `file:` URL
 * becomes its path.
 *
 * Without permission to know the working directory a relative path stays as it is.
 *
 * @throws {TypeError} Neither a string nor a URL.
 * @throws {Deno.errors.NotFound} A relative path, and the working directory has been removed.
 */
export function absolutePath(path: unknown): string {
  if (path instanceof URL) return normalize(fromFileUrl(path));
  if (typeof path !== "string") {
    throw new TypeError(`Cannot open log file ${quote(path)}: its name must be a string`);
  }
  if (path.includes("\0")) {
    throw new TypeError(`Cannot open log file ${JSON.stringify(path)}: its name has a NUL in it`);
  }
  if (isAbsolute(path)) return normalize(path);
  try {
    return normalize(`${Deno.cwd()}/${path}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return path;
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const rule = "the working folder has been removed, give its whole path";
    throw new Deno.errors.NotFound(`Cannot find file ${JSON.stringify(path)}: ${rule}`, {
      cause: error,
    });
  }
}

const isWindows = Deno.build.os === "windows";

/** The path's directory and last part, as `os.path.split` cuts it. */
export function splitPath(path: string): [directory: string, base: string] {
  const cut = isWindows
    ? Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"))
    : path.lastIndexOf("/");
  const directory = path.slice(0, cut + 1).replace(/(?<=[^/\\])[/\\]+$/, "");
  return [directory, path.slice(cut + 1)];
}

/** Whether a path starts at the root. */
export function isAbsolute(path: string): boolean {
  return isWindows ? /^([a-zA-Z]:)?[/\\]/.test(path) : path.startsWith("/");
}

function normalize(path: string): string {
  // Windows takes care of its own paths.
  if (isWindows) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  // Two slashes at the start are kept, as POSIX and Python have it; three are one.
  return (/^\/\/(?!\/)/.test(path) ? "//" : "/") + parts.join("/");
}

function fromFileUrl(url: URL): string {
  if (url.protocol !== "file:") {
    throw new TypeError(`Cannot open log file ${url.href}: its URL must start with file:`);
  }
  return filePath(url);
}
