import { neededFlags } from "../core/io/permission_flag.ts";

/**
 * Checks that the program has permissions, without prompting the user for them.
 *
 * @throws {Deno.errors.NotCapable} With the flags to add.
 */
export function requirePermissions(needed: readonly Deno.PermissionDescriptor[]): void {
  const missing = needed.filter((one) => Deno.permissions.querySync(one).state !== "granted");
  if (missing.length === 0) return;
  throw new Deno.errors.NotCapable(`the program may not, run with ${neededFlags(missing)}`);
}
