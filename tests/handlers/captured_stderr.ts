import { CapturedWrites } from "../harness/captured_writes.ts";

/** Runs something and gives what the library wrote to stderr meanwhile. */
export async function captureStderr(run: () => unknown): Promise<string> {
  using stderr = new CapturedWrites(Deno.stderr);
  await run();
  return stderr.text;
}
