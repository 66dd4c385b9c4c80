const PERMISSIONS = ["read", "write", "net", "env", "run", "sys", "ffi"] as const;

/**
 * The command that has started the program, without the program's own arguments; undefined where it
 * may not be read, or the system does not tell.
 */
export function commandWords(): readonly string[] | undefined {
  // Deno opens this file to programs with all permissions only; to ask would prompt the user.
  const mayAll = PERMISSIONS.every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
  if (!mayAll) return undefined;
  try {
    const words = Deno.readTextFileSync("/proc/self/cmdline").split("\0").slice(0, -1);
    return words.slice(0, words.length - Deno.args.length);
  } catch {
    return undefined;
  }
}
