import { type ChildOptions, ChildProgram } from "./child_program.ts";

/** What a command has printed, and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `logdial` with the permissions that its tasks give it. */
export async function logdial(
  args: readonly string[],
  options: ChildOptions = {},
): Promise<CommandResult> {
  const allow = ["--allow-net", "--allow-read", "--allow-env=INIT_CWD"];
  await using child = ChildProgram.deno("src/cli/main.ts", { allow, ...options, args });
  const { code } = await child.end();
  return {
    code,
    stdout: child.stdout.lines.join("\n"),
    stderr: child.stderr.lines.join("\n"),
  };
}
