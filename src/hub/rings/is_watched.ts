import { commandWords } from "./command_words.ts";

/**
 * Whether the program runs under `deno run --watch`, which starts it anew in the same process;
 * undefined where the command line, which alone tells, may not be read.
 */
export function isWatched(): boolean | undefined {
  return commandWords()?.some((flag) => /^--(watch|watch-hmr|hmr)(=|$)/.test(flag));
}
