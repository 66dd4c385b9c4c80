/** The path of a real Python 3; undefined if there is none. */
export async function pythonPath(): Promise<string | undefined> {
  try {
    // Python tells its own path: what is called `python3` may be a slow script around it.
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

/** As {@linkcode pythonPath}, for a test: if there is no Python, it prints so. */
export async function findPython(): Promise<string | undefined> {
  const path = await pythonPath();
  if (path === undefined) console.log("cannot run: there is no python3");
  return path;
}
