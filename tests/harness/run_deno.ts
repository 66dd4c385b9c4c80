import { assert } from "@std/assert";
import { PROJECT } from "./project.ts";

/** Runs Deno in the project's folder; gives what it prints, and fails where it fails. */
export async function runDeno(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: PROJECT,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}
