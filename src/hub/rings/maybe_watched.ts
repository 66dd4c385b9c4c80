import { commandWords } from "./command_words.ts";

/**
 * Whether the program may run under `deno run --watch`. Only the command line tells; where it may
 * not be read, any program with a terminal may.
 */
export function maybeWatched(): boolean {
  return isWatched() ?? (Deno.stdin.isTerminal() || Deno.stderr.isTerminal());
}

function isWatched(): boolean | undefined {
  return commandWords()?.some((flag) => /^--(watch|watch-hmr|hmr)(=|$)/.test(flag));
}
