import { ChildProgram } from "./child_program.ts";
import { within } from "./deadline.ts";

/** A Python program that reads JSON from stdin and prints JSON, and what it reads. */
export type Request = readonly [program: string, input: unknown];

/** Longest wait: Python may have to be downloaded, and takes 6 s of processor time to start. */
const DEADLINE_MS = 180_000;

/**
 * Runs Python programs by the newest CPython that npm has.
 *
 * @returns Its version and what each printed; undefined, having said so, where it cannot be had.
 */
export async function askNewestPython(
  requests: readonly Request[],
): Promise<[version: string, ...answers: unknown[]] | undefined> {
  await using child = ChildProgram.deno("tests/fixtures/newest_python.ts");
  const told = child.tell(JSON.stringify(requests)).catch(() => {}); // It could not be loaded.
  const { success } = await within(child.ended, () => "the newest CPython", DEADLINE_MS);
  await told;
  if (success) return JSON.parse(child.stdout.lines.join("\n"));
  const complaint = child.stderr.lines.join("\n");
  if (!complaint.includes("pyodide cannot be loaded")) throw new Error(complaint);
  console.log("skipped: npm's pyodide cannot be had to compare with");
  return undefined;
}
