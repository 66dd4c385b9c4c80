/** A list of modules, which entries import before all else; `deps/list_modules.ts` says why. */
export interface ModuleList {
  readonly file: string;
  /** It has the modules that all of these load. */
  readonly entries: readonly string[];
  /** Another list, which its entries import before it: it has none of that one's modules. */
  readonly beyond?: ModuleList;
}

const CORE: ModuleList = {
  file: "src/core_modules.ts",
  entries: ["src/core.ts", "mod.ts", "src/logger.ts"],
};
const ALL: ModuleList = {
  file: "src/all_modules.ts",
  entries: ["mod.ts", "src/logger.ts"],
  beyond: CORE,
};
const HUB: ModuleList = {
  file: "src/hub/life/hub_modules.ts",
  entries: ["src/hub/life/run_hub.ts"],
};

/** All lists. */
export const MODULE_LISTS: readonly ModuleList[] = [CORE, ALL, HUB];
