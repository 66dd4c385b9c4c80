/** Runs a test on a disk of that size, in KiB, or says that it cannot. */
export async function onSmallDisk(
  run: (folder: string) => Promise<void>,
  size = 64,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const isMounted = await succeeds("mount", [
      ...["-t", "tmpfs", "-o", `size=${size}k`],
      ...["tmpfs", folder],
    ]);
    if (!isMounted) {
      console.log("skipped: only root can mount a small disk to fill");
      return;
    }
    try {
      await run(folder);
    } finally {
      await succeeds("umount", ["--lazy", folder]);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Writes a file, `ballast`, until there is no room left. */
export function fillDisk(folder: string): void {
  using file = Deno.openSync(`${folder}/ballast`, { write: true, create: true });
  try {
    for (;;) file.writeSync(new Uint8Array(1024));
  } catch {
    // Full.
  }
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}
