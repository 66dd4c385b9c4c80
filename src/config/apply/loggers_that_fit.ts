import { NOTSET } from "../../core/levels/levels.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { fits } from "../otel/read_otel_config.ts";
import type { IncrementalSpec } from "../spec/config_spec.ts";

/**
 * The existing loggers that fit one of the patterns, with their new levels; without those that the
 * configuration names, and those that would inherit that level anyway.
 */
export function loggersThatFit(
  manager: Manager,
  { loggers, root, patterns = [] }: IncrementalSpec,
): IncrementalSpec["loggers"] {
  if (patterns.length === 0) return [];
  const levels = new Map(loggers.map(({ name, level }) => [name, level]));
  const found: IncrementalSpec["loggers"][number][] = [];
  const all = [...manager.loggers()].filter((logger) => logger !== manager.root);
  // Shorter names come first, so that ancestors have their new levels already.
  all.sort((a, b) => a.name.length - b.name.length);
  for (const logger of all) {
    const { name } = logger;
    if (levels.has(name)) continue;
    const level = patterns.find(({ pattern }) => fits(name, pattern))?.level;
    if (level === undefined) continue;
    let above = logger.level === NOTSET ? logger.parent : undefined;
    while (above?.parent && !levels.has(above.name) && above.level === NOTSET) above = above.parent;
    const inherited = above && (levels.get(above.name) ??
      (above === manager.root ? root?.level : undefined) ?? above.level);
    if (inherited === level) continue;
    levels.set(name, level);
    found.push({ name, level, propagate: undefined, place: () => ({}) });
  }
  return found;
}
