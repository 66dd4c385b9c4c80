import { ConfigError } from "../core/errors.ts";
import type { Handler } from "../core/handler.ts";
import type { Manager } from "../core/manager.ts";
import { configLevel } from "./config_level.ts";
import type { IncrementalSpec, LevelSpec } from "./spec.ts";

/**
 * Changes levels and propagation, all of them or none.
 *
 * @throws {ConfigError} An unknown handler or level; nothing has changed then.
 */
export function applyIncremental(manager: Manager, spec: IncrementalSpec): void {
  const handlers = spec.handlers.map((one) => ({
    handler: namedHandler(manager, one),
    level: configLevel(one),
  }));
  const loggers = spec.loggers.map((one) => ({ ...one, level: configLevel(one) }));
  const rootLevel = spec.root && configLevel(spec.root);

  for (const { handler, level } of handlers) if (level !== undefined) handler.setLevel(level);
  for (const { name, level, propagate } of loggers) {
    const logger = manager.getLogger(name);
    if (level !== undefined) logger.setLevel(level);
    logger.disabled = false;
    if (propagate !== undefined) logger.propagate = propagate;
  }
  if (rootLevel !== undefined) manager.root.setLevel(rootLevel);
}

function namedHandler(manager: Manager, { name, place }: LevelSpec): Handler {
  const handler = manager.namedHandlers.get(name);
  if (handler !== undefined) return handler;
  const known = [...manager.namedHandlers.keys()].join(", ") || "none";
  throw new ConfigError(
    `Cannot change handler "${name}": there is none of that name, only ${known}`,
    { ...place() },
  );
}
