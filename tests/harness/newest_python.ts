/** A Python program that reads JSON from stdin and prints JSON, and what it reads. */
export type Request = readonly [program: string, input: unknown];

/**
 * Runs Python programs by the newest CPython that npm has; it takes seconds to start.
 *
 * @returns Its version and what each printed; undefined, having said so, where it cannot be had.
 */
export async function askNewestPython(
  requests: readonly Request[],
): Promise<[version: string, ...answers: unknown[]] | undefined> {
  const { pathname } = new URL("../fixtures/newest_python.ts", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-all", decodeURIComponent(pathname)],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  await new Blob([JSON.stringify(requests)]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await output;
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  const complaint = new TextDecoder().decode(stderr);
  if (/PythonError/.test(complaint)) throw new Error(complaint);
  console.log("skipped: npm's pyodide cannot be had here");
  return undefined;
}
