/** Whether a process is told by the system of what becomes of a file. */
export function watches(pid: number, path: string): boolean {
  const line = new RegExp(`^inotify wd:\\S+ ino:${Deno.statSync(path).ino!.toString(16)} `, "m");
  const folder = `/proc/${pid}/fdinfo`;
  return [...Deno.readDirSync(folder)].some(({ name }) => {
    try {
      return line.test(Deno.readTextFileSync(`${folder}/${name}`));
    } catch (error) {
      // A descriptor that has been closed meanwhile.
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}
