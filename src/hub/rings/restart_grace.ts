import { isWatched } from "./is_watched.ts";

/** A second more than `deno run --watch` takes to end a program, for machines under load. */
const GRACE_MS = 1500;

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

/** Where nothing tells, any program with a terminal may be watched. */
function maybeWatched(): boolean {
  return isWatched() ?? (Deno.stdin.isTerminal() || Deno.stderr.isTerminal());
}
