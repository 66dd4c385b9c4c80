import { isPyTuple } from "../literal/literal_values.ts";
import type { Origin } from "./origins.ts";
import type { Parameters } from "./parameters.ts";
import type { Registry } from "./registry.ts";
import type { ObjectSpec } from "../spec/config_spec.ts";

/** How to make a part of a configuration, once all names are looked up. */
export interface Recipe {
  /** Makes the part from arguments in the order of the parameters. */
  readonly make: (args: readonly unknown[]) => unknown;
  /** Does something with the part; where that says something of an argument, with its place. */
  readonly placed?: (does: () => unknown) => unknown;
  /** The class, undefined for a factory of the program. */
  readonly type: unknown;
  /** Names of the parameters. */
  readonly parameters: Parameters;
  /** The arguments. */
  readonly bound: readonly unknown[];
  readonly origin: Origin;
  /** Whether its class takes a handler as `target`. */
  readonly takesTarget: boolean;
}

/** A recipe, and what it depends on. */
interface Kept {
  readonly registry: Registry;
  readonly revision: number;
  readonly recipe: Recipe;
}

const kept = new WeakMap<ObjectSpec, Kept>();

/** The recipe that was kept for it, as long as no name has been registered since. */
export function keptRecipe(spec: ObjectSpec, registry: Registry): Recipe | undefined {
  const found = kept.get(spec);
  const isValid = found?.registry === registry && found.revision === registry.revision;
  return isValid ? found.recipe : undefined;
}

/** Keeps a recipe for the next configuration with the same text. */
export function keepRecipe(spec: ObjectSpec, registry: Registry, recipe: Recipe): void {
  kept.set(spec, { registry, revision: registry.revision, recipe });
}

/**
 * Whether an argument can be given to one part after the other: a text or number can, and
 * what the program has registered, but not a list, which the first part may change.
 */
export function isSharable(value: unknown, registered: ReadonlySet<unknown>): boolean {
  if (registered.has(value) || value === null) return true;
  if (typeof value !== "object") return typeof value !== "function";
  return isPyTuple(value) && value.every((item) => isSharable(item, registered));
}
