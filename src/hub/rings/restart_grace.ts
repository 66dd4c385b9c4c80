/** A second more than `deno run --watch` takes to end a program, for machines under load. */
const GRACE_MS = 1500;
const PERMISSIONS = ["read", "write", "net", "env", "run", "sys", "ffi"] as const;

/**
 * How long a SIGTERM may not be sent on, in milliseconds.
 *
 * `deno run --watch` has listeners called for a SIGTERM that nobody has sent, and starts the
 * program anew half a second later, in the same process. A real one would end the watcher:
 * denoland/deno#35942.
 */
export function restartGrace(): number {
  return maybeWatched() ? GRACE_MS : 0;
}

/**
 * Whether the program may run under `deno run --watch`. Only the command line tells; where it may
 * not be read, any program with a terminal may.
 */
function maybeWatched(): boolean {
  return isWatched() ?? (Deno.stdin.isTerminal() || Deno.stderr.isTerminal());
}

function isWatched(): boolean | undefined {
  // Deno opens this file to programs with all permissions only; to ask would prompt the user.
  const mayAll = PERMISSIONS.every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
  if (!mayAll) return undefined;
  try {
    const words = Deno.readTextFileSync("/proc/self/cmdline").split("\0").slice(0, -1);
    // The last words are the program's own arguments.
    const flags = words.slice(0, words.length - Deno.args.length);
    return flags.some((flag) => /^--(watch|watch-hmr|hmr)(=|$)/.test(flag));
  } catch {
    return undefined;
  }
}
