import type { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { ArgumentError, argumentIn, bareName } from "../build/parameters.ts";
import type { PartMaker } from "../build/part_maker.ts";
import { isSameValue } from "../build/same_value.ts";
import type { ObjectSpec, PartKind } from "../spec/config_spec.ts";

/** Makers that read a part in two made-up surroundings. */
export type Makers = readonly [maker: PartMaker, other: PartMaker];

/**
 * Whether a class may have refused only what stands for something that the program knows, such as a
 * variable of its environment: whether its error names such an argument, or none.
 */
export function isOfMadeUpValue(
  { cause }: ConfigError,
  spec: ObjectSpec,
  kind: PartKind,
  [maker, other]: Makers,
): boolean {
  if (cause === undefined || cause instanceof ArgumentError) return false;
  try {
    const { parameters, bound } = maker.recipe(spec, kind);
    const others = other.recipe(spec, kind).bound;
    const madeUp = parameters.filter((_, at) => !isSameValue(bound[at], others[at])).map(bareName);
    if (madeUp.length === 0) return false;
    const argument = argumentIn(reasonOf(cause), parameters);
    return argument === undefined || madeUp.includes(argument);
  } catch {
    // What cannot be read is wrong whatever the program knows.
    return false;
  }
}
