import { withoutDenial } from "../core/io/permission_flag.ts";

/**
 * Checks that the program has permissions, without prompting the user for them.
 *
 * @throws {Deno.errors.NotCapable} With the flags to add.
 */
export function requirePermissions(needed: readonly Deno.PermissionDescriptor[]): void {
  const missing = needed.filter((one) => Deno.permissions.querySync(one).state !== "granted");
  if (missing.length === 0) return;
  const flags = flagsOf(missing).join(" ") + withoutDenial(missing);
  throw new Deno.errors.NotCapable(`the program may not, run with ${flags}`);
}

/** One flag for each kind of permission. */
function flagsOf(missing: readonly Deno.PermissionDescriptor[]): string[] {
  const values = new Map<string, string[]>();
  for (const one of missing) {
    const known = values.get(one.name) ?? [];
    values.set(one.name, [...known, valueOf(one)]);
  }
  return [...values].map(([name, all]) => {
    return all.includes("") ? `--allow-${name}` : `--allow-${name}=${[...new Set(all)].join(",")}`;
  });
}

/** The value of a flag, such as a path or a host; empty for all of the kind. */
function valueOf(one: Deno.PermissionDescriptor): string {
  const { host, path = host } = one as { host?: string; path?: string | URL };
  return path === undefined ? "" : String(path);
}
