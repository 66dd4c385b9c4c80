import { isPyTuple } from "../literal/literal_values.ts";
import type { Origin } from "./origins.ts";
import { callFactory } from "./given_class.ts";
import { bareName, type Parameters } from "./parameters.ts";
import type { Registry } from "./registry.ts";
import { standIn } from "./stand_in.ts";
import { registerCall } from "./unknown_class_error.ts";
import type { ObjectSpec, PartKind } from "../spec/config_spec.ts";

/** How to make a part of a configuration, once all names are looked up. */
export interface Recipe {
  /** Makes the part from arguments in the order of the parameters. */
  readonly make: (args: readonly unknown[]) => unknown;
  /** Runs a function; if its error names an argument, the argument's place is added. */
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

/** A kept recipe, with what it depends on. */
interface Kept {
  readonly registry: Registry;
  readonly revision: number;
  readonly recipe: Recipe;
}

const kept = new WeakMap<ObjectSpec, Kept>();

/** The recipe that was kept for a part; undefined if there is none, or names were registered since. */
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
 * Whether an argument can be given to several parts, one after the other: a text or a number can, and
 * what the program has registered, but not a list, which the first part may change.
 */
export function isSharable(value: unknown, registered: ReadonlySet<unknown>): boolean {
  if (registered.has(value) || value === null) return true;
  if (typeof value !== "object") return typeof value !== "function";
  return isPyTuple(value) && value.every((item) => isSharable(item, registered));
}

/** How a function of the program makes a part: all arguments are its options. */
export function factoryRecipe(
  spec: ObjectSpec,
  factory: unknown,
  kwargs: ReadonlyMap<unknown, unknown>,
): Recipe {
  const named = kwargs as ReadonlyMap<string, unknown>;
  return {
    make: () => callFactory(factory, Object.fromEntries(named)),
    type: undefined,
    parameters: [],
    bound: [],
    origin: makingOf(spec, undefined, named),
    takesTarget: false,
  };
}

/** The recipe of a stand-in for an unknown class, which takes any arguments. */
export function standInRecipe(
  spec: ObjectSpec,
  kind: PartKind,
  name: string,
  args: readonly unknown[],
  kwargs: ReadonlyMap<unknown, unknown>,
): Recipe {
  const named = kwargs as ReadonlyMap<string, unknown>;
  return {
    make: () => standIn(kind, name, registerCall(kind, name), args, named),
    type: undefined,
    parameters: [],
    bound: [],
    origin: makingOf(spec, name, named),
    takesTarget: false,
  };
}

/** The origin of a part, from which it can be described and made again. */
export function makingOf(
  spec: ObjectSpec,
  className: string | undefined,
  kwargs: ReadonlyMap<string, unknown>,
): Origin {
  const factory = className === undefined ? spec.factory : undefined;
  const type = className === undefined && factory === undefined ? spec.className : undefined;
  return { name: spec.name, className, factory, type, kwargs, attributes: spec.attributes };
}

/** Arguments by the names of their parameters. */
export function byName(
  parameters: readonly string[],
  bound: readonly unknown[],
): Map<string, unknown> {
  const named = new Map<string, unknown>();
  for (const [index, value] of bound.entries()) {
    if (value !== undefined) named.set(bareName(parameters[index]!), value);
  }
  return named;
}
