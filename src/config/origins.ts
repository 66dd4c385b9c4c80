import type { Origin } from "./part_maker.ts";

const origins = new WeakMap<object, Origin>();

/** Remembers how the objects of a configuration were made. */
export function rememberOrigins(made: ReadonlyMap<object, Origin>): void {
  for (const [part, origin] of made) origins.set(part, origin);
}

/** How an object was made, undefined if no configuration made it. */
export function originOf(part: object): Origin | undefined {
  return origins.get(part);
}
