/** Path of CPython 3; undefined where there is none. */
export async function findPython(): Promise<string | undefined> {
  try {
    // Its own word for where it is: what is called `python3` may be a slow script around it.
    const { success, stdout } = await new Deno.Command("python3", {
      args: ["-c", "import sys; print(sys.executable)"],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
