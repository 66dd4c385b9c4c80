import type { HandlerSpec } from "../spec/config_spec.ts";

/** A handler that takes another one which is not made when its turn comes. */
export interface LateHandler {
  readonly spec: HandlerSpec;
  /** The name of the one that it takes. */
  readonly wanted: unknown;
}

/**
 * The handlers of a dict that take one which is made too late: they are made in their order, and
 * one that takes others waits once, until the rest are made.
 */
export function lateHandlers(
  handlers: readonly HandlerSpec[],
  takes: (spec: HandlerSpec) => readonly unknown[],
): LateHandler[] {
  const names = new Set<unknown>(handlers.map(({ name }) => name));
  const made = new Set<unknown>();
  const missingOf = (spec: HandlerSpec) =>
    takes(spec).find((wanted) => names.has(wanted) && !made.has(wanted));
  const waiting: HandlerSpec[] = [];
  for (const spec of handlers) {
    if (missingOf(spec) === undefined) made.add(spec.name);
    else waiting.push(spec);
  }
  const late: LateHandler[] = [];
  for (const spec of waiting) {
    const wanted = missingOf(spec);
    if (wanted !== undefined) late.push({ spec, wanted });
    made.add(spec.name);
  }
  return late;
}
