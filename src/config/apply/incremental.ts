import { ConfigError } from "../../core/errors.ts";
import type { Handler } from "../../core/handler.ts";
import type { Manager } from "../../core/manager.ts";
import { configLevel } from "../build/config_level.ts";
import { ownLevels, type PreparedConfig } from "./prepared_config.ts";
import type { IncrementalSpec, LevelSpec } from "../spec/spec.ts";

/**
 * Checks a change of levels and propagation, and changes nothing before it is committed.
 *
 * @throws {ConfigError} An unknown handler or level.
 */
export function prepareIncremental(manager: Manager, spec: IncrementalSpec): PreparedConfig {
  const handlers = spec.handlers.map((one) => ({
    handler: namedHandler(manager, one),
    level: configLevel(one),
  }));
  const loggers = spec.loggers.map((one) => ({ ...one, level: configLevel(one) }));
  const rootLevel = spec.root && configLevel(spec.root);

  const commit = () => {
    for (const { handler, level } of handlers) if (level !== undefined) handler.setLevel(level);
    for (const { name, level, propagate } of loggers) {
      const logger = manager.getLogger(name);
      if (level !== undefined) logger.setLevel(level);
      logger.disabled = false;
      if (propagate !== undefined) logger.propagate = propagate;
    }
    if (rootLevel !== undefined) manager.root.setLevel(rootLevel);
  };
  const preview = () => {
    const levels = ownLevels(manager);
    for (const { name, level } of [...loggers, { name: "root", level: rootLevel }]) {
      if (level !== undefined) levels.set(name, level);
    }
    return { levels, disabled: [] };
  };
  return { commit, abort: () => {}, preview };
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
