/** How long `deno run --watch` gives a program before it ends it: 0.5 s, and some for a loaded machine. */
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

/** Nothing says so, but for the command line; where that may not be read, watchers have a terminal. */
function maybeWatched(): boolean {
  return isWatched() ?? (Deno.stdin.isTerminal() || Deno.stderr.isTerminal());
}

function isWatched(): boolean | undefined {
  // The file is for programs that may all; to ask for more would be a question to the user.
  const mayAll = PERMISSIONS.every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
  if (!mayAll) return undefined;
  try {
    const words = Deno.readTextFileSync("/proc/self/cmdline").split("\0").slice(0, -1);
    // What follows is the program's.
    const flags = words.slice(0, words.length - Deno.args.length);
    return flags.some((flag) => /^--(watch|watch-hmr|hmr)(=|$)/.test(flag));
  } catch {
    return undefined;
  }
}
