/** Runs a test in a folder of its own. */
export function inFolder(run: (folder: string) => unknown): () => Promise<void> {
  return async () => {
    const folder = Deno.makeTempDirSync();
    try {
      await run(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

/** Names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
