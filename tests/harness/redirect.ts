/** A command that starts another one with its stdout at a path, which comes between the two. */
export const REDIRECT: readonly string[] = ["sh", "-c", 'out=$1; shift; exec "$@" >>"$out"', "sh"];

/** Lines of a file; an end without a line break is one as well. */
export function linesOf(path: string): string[] {
  const lines = Deno.readTextFileSync(path).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
