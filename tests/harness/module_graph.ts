import { runDeno } from "./run_deno.ts";

/** The part of `deno info --json` that is read here. */
export interface ModuleGraph {
  readonly roots: readonly string[];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** The modules that Deno reaches from `entry`, with the flags that resolve its imports. */
export async function readModuleGraph(
  entry: string,
  flags: readonly string[],
): Promise<ModuleGraph> {
  return JSON.parse(await runDeno("info", "--json", ...flags, entry)) as ModuleGraph;
}
