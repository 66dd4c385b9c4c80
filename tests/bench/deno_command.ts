import { runDeno } from "../harness/run_deno.ts";

let flags: Promise<string[]> | undefined;

/** What runs a module of the project in a process of its own, with another import map if told so. */
export async function denoCommand(module: URL, map?: string): Promise<[string, ...string[]]> {
  const resolved = map === undefined ? await resolveFlags() : [`--import-map=${map}`];
  return [Deno.execPath(), "run", "-q", "-A", ...resolved, module.href];
}

/** The flags that `deps/resolve.ts` chooses on this machine. */
export function resolveFlags(): Promise<string[]> {
  return flags ??= readFlags();
}

async function readFlags(): Promise<string[]> {
  const text = await runDeno("run", "-q", "-R", "deps/resolve.ts");
  return text.split(/\s+/).filter((flag) => flag !== "");
}
