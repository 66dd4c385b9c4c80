/** A file of the package that another one loads with itself, in the order in which they stand. */
const LOADED = /^(?:import|export)\b[^"'(]*"(\.\/[^"]+)"/m;

/**
 * Puts `check`, which throws where this is no Deno, at the beginning of each file that runs first when
 * one of the entries is imported. In the sources that is their first import; the bundler keeps no
 * order between the modules of a chunk, nor between chunks.
 */
export async function requireDenoFirst(
  dist: URL,
  entries: readonly string[],
  check: string,
): Promise<void> {
  const first = new Set<string>();
  for (const name of entries) first.add(await firstToRun(new URL(`${name}.js`, dist)));
  for (const file of first) {
    const code = await Deno.readTextFile(new URL(file));
    await Deno.writeTextFile(new URL(file), `${check.trim()}\n${code}`);
  }
}

/** The URL of what runs before all else: a file runs after those that it loads, the first one first. */
async function firstToRun(file: URL): Promise<string> {
  const [, loaded] = LOADED.exec(await Deno.readTextFile(file)) ?? [];
  return loaded === undefined ? file.href : await firstToRun(new URL(loaded, file));
}
