import { commandWords } from "./command_words.ts";

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

/**
 * Whether the program may run under `deno run --watch`. Only the command line tells; where it may
 * not be read, any program with a terminal may.
 */
function maybeWatched(): boolean {
  return isWatched() ?? (Deno.stdin.isTerminal() || Deno.stderr.isTerminal());
}

function isWatched(): boolean | undefined {
  return commandWords()?.some((flag) => /^--(watch|watch-hmr|hmr)(=|$)/.test(flag));
}
