import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "./child_program.ts";

/** What the library says where it cannot run, before what it runs in. */
export const NEEDED = "logdial needs Deno 2.9 or newer, and this is ";

/** Runs a script in Node.js as a command: it says that it needs Deno, and fails. */
export async function failsInNode(script: string): Promise<void> {
  await using node = ChildProgram.run("node", [script, "status"]);
  assertEquals([(await node.end()).code, node.stdout.lines], [1, []]);
  const error = node.stderr.lines.find((line) => line.startsWith("Error: "));
  assert(error?.startsWith(`Error: ${NEEDED}Node.js `), node.stderr.lines.join("\n"));
}

/** Whether there is a Node.js here. */
export function hasNode(): boolean {
  try {
    return new Deno.Command("node", { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
