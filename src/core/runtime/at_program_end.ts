/** Events before a program ends; after the last two it may go on all the same. */
const ENDS = ["unload", "error", "unhandledrejection"] as const;

/**
 * Runs something before the program ends: normally, by `Deno.exit`, or by an error or a rejection
 * that nobody catches. A worker does not hear of its own end. Returns a function that undoes this.
 */
export function atProgramEnd(run: (event: Event) => void): () => void {
  for (const event of ENDS) globalThis.addEventListener(event, run);
  return () => {
    for (const event of ENDS) globalThis.removeEventListener(event, run);
  };
}
