/**
 * The flag that gives a program access to a path, as one types it in a shell.
 *
 * @example
 * ```ts
 * import { permissionFlag } from "./permission_flag.ts";
 *
 * permissionFlag("read", "/srv/my app/"); // --allow-read='/srv/my app/'
 * ```
 */
export function permissionFlag(access: "read" | "write", path: string): string {
  const flag = `--allow-${access}`;
  // Deno takes the comma for the end of one path and the start of the next, whatever is around it.
  if (path.includes(",")) return flag;
  return `${flag}=${quote(path)}`;
}

/** What no shell reads as anything else stays as it is. */
function quote(path: string): string {
  return /^[\p{L}\p{N}_./:@%+=\\-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
