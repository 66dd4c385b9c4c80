import { PROJECT } from "../harness/project.ts";

let flags: Promise<string[]> | undefined;

/** What runs a module of the project in a process of its own. */
export async function denoCommand(module: URL): Promise<[string, ...string[]]> {
  flags ??= readFlags();
  return [Deno.execPath(), "run", "-q", "-A", ...await flags, module.href];
}

async function readFlags(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-R", "deps/resolve.ts"],
    cwd: PROJECT,
  }).output();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((flag) => flag !== "");
}
