import { maybeWatched } from "./maybe_watched.ts";

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
