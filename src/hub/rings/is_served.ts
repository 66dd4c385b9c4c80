import { pause } from "../../core/runtime/pause.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { commandWords } from "./command_words.ts";

/** Signals at which `deno serve` answers the requests that it has, and then ends the program. */
export const SERVED_SIGNALS: readonly string[] = ["SIGTERM", "SIGINT"];

/**
 * Resolves to true once `deno serve` serves this thread, and so listens to those signals; to false
 * where it does not. Deno tells nobody of its listener: the command line says that there will be one,
 * and it is there as soon as the main module has run.
 */
export async function isServed(): Promise<boolean> {
  if (!currentThread().isMain || subcommand() !== "serve") return false;
  try {
    // It has been imported, and is not run once more.
    await import(Deno.mainModule);
  } catch {
    // The program ends by the error of its main module.
    return false;
  }
  await pause(0);
  return true;
}

/** The first word that is no flag; undefined where the command may not be read. */
function subcommand(): string | undefined {
  return commandWords()?.slice(1).find((word) => !word.startsWith("-"));
}
