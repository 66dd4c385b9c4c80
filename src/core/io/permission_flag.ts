/**
 * The flag that gives a program access to a path, as one types it in a shell, and the one that
 * denies it, if there is one.
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
  const denial = withoutDenial([{ name: access, path }]);
  // Deno takes a comma for the end of a path, even in quotes: then the flag is given for all paths.
  return path.includes(",") ? flag + denial : `${flag}=${quote(path)}${denial}`;
}

/** Whether the program may, so that Deno asks nobody for it. */
export function mayAccess(access: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name: access, path }).state === "granted";
}

/**
 * The text ` without --deny-net` if such a flag keeps the program from something, since it overrules
 * a flag that allows it; else empty.
 *
 * @example
 * ```ts
 * import { withoutDenial } from "./permission_flag.ts";
 *
 * withoutDenial([{ name: "net", host: "127.0.0.1" }]);
 * ```
 */
export function withoutDenial(wanted: readonly Deno.PermissionDescriptor[]): string {
  const flags = new Set(wanted.filter(isDeniedByFlag).map(({ name }) => `--deny-${name}`));
  return flags.size === 0 ? "" : ` without ${[...flags].join(" and ")}`;
}

/**
 * Whether a flag such as `--deny-net` denies a permission. Deno also calls a permission denied that
 * somebody has refused at the terminal, or that was asked for without a terminal, also in workers
 * that start later; but then no other permission of the kind is denied.
 */
function isDeniedByFlag(wanted: Deno.PermissionDescriptor): boolean {
  const state = (one: Deno.PermissionDescriptor) => Deno.permissions.querySync(one).state;
  const { name } = wanted;
  if (state(wanted) !== "denied") return false;
  const other = { name, host: "other.invalid", path: "/other.invalid", variable: "OTHER_INVALID" };
  return state(other as Deno.PermissionDescriptor) === "denied" ||
    state({ name } as Deno.PermissionDescriptor) === "granted";
}

/** Quotes a path for a shell, unless it has no character that a shell would change. */
function quote(path: string): string {
  return /^[\p{L}\p{N}_./:@%+=\\-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
