import { main } from "../../src/cli/main.ts";
import type { CommandResult } from "./command_line.ts";
import { replaced } from "./replaced.ts";

/** Runs `logdial` in this process, as if in a terminal or not. */
export async function runCommand(
  args: readonly string[],
  { isTerminal = false } = {},
): Promise<CommandResult> {
  const stdout: string[] = [], stderr: string[] = [];
  using _out = replaced(console, "log", (text: string) => void stdout.push(text));
  using _err = replaced(console, "error", (text: string) => void stderr.push(text));
  using _terminal = replaced(Deno.stdout, "isTerminal", () => isTerminal);
  const code = await main(args);
  return { code, stdout: stdout.join("\n"), stderr: stderr.join("\n") };
}
