import { buildInScope } from "../core/build_scope.ts";
import { ConfigError } from "../core/errors.ts";
import { type Handler, livingHandlers, shutdownHandlers } from "../core/handler.ts";
import { NOTSET } from "../core/levels.ts";
import { Logger } from "../core/logger.ts";
import type { Manager } from "../core/manager.ts";
import { Builder, type BuiltConfig, type BuiltLogger } from "./builder.ts";
import { isTrue } from "./dict_spec.ts";
import type { Registry } from "./registry.ts";
import type { ConfigSpec, HandlerSpec } from "./spec.ts";

/**
 * Puts a configuration in force, whole or not at all: everything is made first, then
 * swapped in, then what was there before is closed.
 *
 * Differs from CPython: that closes the old handlers first, and an error half-way leaves
 * loggers without them.
 *
 * @throws {ConfigError} The configuration is refused and nothing has changed.
 */
export function applyConfig(manager: Manager, spec: ConfigSpec, registry: Registry): void {
  if (spec.incremental) {
    applyIncremental(manager, spec, registry);
    return;
  }
  const { result: built, scope } = buildInScope(() => new Builder(spec, registry).build());
  const old = handlersInUse(manager);
  swap(manager, built, spec.disableExistingLoggers);
  shutdownHandlers(old);
  scope.commit();
}

function swap(manager: Manager, built: BuiltConfig, disableExisting: boolean): void {
  const existing = new Set(manager.loggerDict.keys());
  const mentioned = built.loggers.map(({ name }) => name);
  for (const one of built.loggers) {
    const logger = manager.getLogger(one.name);
    setUp(logger, one);
    logger.disabled = false;
    if (one.propagate !== undefined) logger.propagate = one.propagate;
  }
  // Only loggers that existed before protect those below them.
  const above = new Set(mentioned.filter((name) => existing.has(name)));
  for (const name of mentioned) existing.delete(name);
  for (const name of existing) {
    const logger = manager.loggerDict.get(name);
    if (!(logger instanceof Logger)) continue;
    if (isBelow(name, above)) {
      logger.setLevel(NOTSET);
      logger.handlers = [];
      logger.propagate = true;
    } else {
      logger.disabled = disableExisting;
    }
  }
  if (built.root !== undefined) setUp(manager.root, built.root);
  manager.namedHandlers = new Map(built.handlers);
}

function isBelow(name: string, parents: ReadonlySet<string>): boolean {
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    if (parents.has(name.slice(0, dot))) return true;
  }
  return false;
}

function setUp(logger: Logger, built: BuiltLogger): void {
  if (built.level !== undefined) logger.setLevel(built.level);
  logger.handlers = [];
  for (const handler of built.handlers) logger.addHandler(handler);
  for (const filter of built.filters) logger.addFilter(filter);
}

/** Handlers that a configuration closes, in the order of their making. */
function handlersInUse(manager: Manager): Handler[] {
  const used = new Set<Handler>(manager.namedHandlers.values());
  for (const handler of manager.root.handlers) used.add(handler);
  for (const logger of manager.loggerDict.values()) {
    if (!(logger instanceof Logger)) continue;
    for (const handler of logger.handlers) used.add(handler);
  }
  return livingHandlers().filter((handler) => used.has(handler));
}

function applyIncremental(manager: Manager, spec: ConfigSpec, registry: Registry): void {
  const levels = spec.handlers.map((one) => [namedHandler(manager, one), one.level] as const);
  // What an incremental configuration may not change is left out before it is built.
  const bare = {
    ...spec,
    handlers: [],
    loggers: spec.loggers.map((one) => ({ ...one, handlers: [], filters: [] })),
    root: spec.root && { ...spec.root, handlers: [], filters: [] },
  };
  const handlerLevels = spec.handlers.map((one, index) => ({
    ...one,
    name: String(index),
    handlers: [],
    filters: [],
    propagate: undefined,
    level: isTrue(one.level) ? one.level : undefined,
  }));
  const built = new Builder(bare, registry).build();
  const checked = new Builder({ ...bare, loggers: handlerLevels, root: undefined }, registry)
    .build();
  for (const [index, [handler]] of levels.entries()) {
    const level = checked.loggers[index]!.level;
    if (level !== undefined) handler.setLevel(level);
  }
  for (const one of built.loggers) {
    const logger = manager.getLogger(one.name);
    if (one.level !== undefined) logger.setLevel(one.level);
    logger.disabled = false;
    if (one.propagate !== undefined) logger.propagate = one.propagate;
  }
  if (built.root?.level !== undefined) manager.root.setLevel(built.root.level);
}

function namedHandler(manager: Manager, { name, place }: HandlerSpec): Handler {
  const handler = manager.namedHandlers.get(name);
  if (handler !== undefined) return handler;
  const known = [...manager.namedHandlers.keys()].join(", ") || "none";
  throw new ConfigError(
    `Cannot change handler "${name}": there is none of that name, only ${known}`,
    {
      ...place(),
    },
  );
}
