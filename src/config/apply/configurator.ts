import { buildInScope, type BuildScope } from "../../core/handlers/build_scope.ts";
import {
  type Handler,
  holdHandlers,
  livingHandlers,
  retireHandlers,
} from "../../core/handlers/handler.ts";
import { NOTSET } from "../../core/levels/levels.ts";
import {
  getScopes,
  setScopes,
  TURNED_DISABLED,
  TURNED_LEVEL,
  TURNED_PROPAGATE,
} from "../../core/loggers/logger_node.ts";
import { NO_SCOPES } from "../../core/loggers/scope.ts";
import { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { Builder, type BuiltConfig, type BuiltLogger } from "../build/builder.ts";
import { allOrNothing, type Undo } from "./all_or_nothing.ts";
import { countLines } from "./count_lines.ts";
import type { LineBudget } from "../../core/loggers/line_budget.ts";
import { prepareIncremental } from "./incremental.ts";
import { droppedParts, handlerLevelChanges, reachedHandlers } from "./part_changes.ts";
import { handlersInUse, restoreHandlerLevels } from "./logging_state.ts";
import { buildRecording } from "../build/build_recording.ts";
import { bitsOf, noteTurned, type Turned } from "./turned.ts";
import { rememberOrigins } from "../build/origins.ts";
import {
  type ConfigPreview,
  ownLevels,
  type PreparedConfig,
  type Retire,
} from "./prepared_config.ts";
import type { Registry } from "../build/registry.ts";
import { WireGuard, type WireOptions } from "../build/wire_guard.ts";
import type { ConfigSpec, FullSpec } from "../spec/config_spec.ts";

/**
 * Puts a configuration in force, whole or not at all: everything is made first, then
 * swapped in, then `retire` gets what was there before, to close it.
 *
 * Differs from CPython: that closes the old handlers first, and an error half-way leaves
 * loggers without them.
 *
 * @throws {ConfigError} The configuration is refused and nothing has changed.
 */
export function applyConfig(
  manager: Manager,
  spec: ConfigSpec,
  registry: Registry,
  retire: Retire = retireHandlers,
): void {
  const prepared = spec.incremental
    ? prepareIncremental(manager, spec, { isOwn: true })
    : prepareConfig(manager, spec, registry);
  if (!spec.incremental) manager.onConfiguring?.();
  prepared.commit(retire);
  if (!spec.incremental) manager.onConfigured?.();
}

/**
 * Makes all objects of a configuration, and changes nothing before it is committed. `wire` is given
 * if it comes from outside; `isAgain` says that it has been in force before.
 *
 * @throws {ConfigError} The configuration is refused.
 */
export function prepareConfig(
  manager: Manager,
  spec: ConfigSpec,
  registry: Registry,
  wire?: WireOptions,
  isAgain = false,
): PreparedConfig {
  if (spec.incremental) return prepareIncremental(manager, spec, { isAgain });
  const guard = wire && new WireGuard(wire, registry);
  // This comes first: if it is refused, nothing has been opened yet.
  const recording = spec.recording && buildRecording(spec.recording);
  const { built, scope } = buildAll(
    manager,
    new Builder(spec, registry, guard),
    wire !== undefined,
  );
  const levels = new Map([...built.handlers.values()].map((handler) => [handler, handler.level]));
  const putInForce = (retire: Retire, lines: LineBudget | undefined) => {
    const used = handlersInUse(manager);
    const old = [...[...used].filter((handler) => leftOver.has(handler)), ...inOrder(used)];
    const count = lines && countLines(manager, lines);
    allOrNothing(manager, (undo) => {
      const turned = swap(manager, built, spec, undo);
      if (wire !== undefined) noteTurned(turned);
      if (recording !== undefined) manager.recording = recording;
      // This comes last, since it neither notes what it changes nor throws.
      count?.();
    });
    const inUse = handlersInUse(manager);
    // A factory of the program's own may return a handler that is in use.
    const done = [...new Set(old)].filter((handler) =>
      !levels.has(handler) && !(leftOver.has(handler) && inUse.has(handler))
    );
    retire(done);
    for (const handler of levels.keys()) leftOver.delete(handler);
    if (retire !== retireHandlers) return;
    for (const handler of done) if (inUse.has(handler)) leftOver.add(handler);
  };
  const abort = () => {
    scope.rollback();
    closeUnused(manager, built.handlers.values());
  };
  return {
    commit(retire = retireHandlers, lines) {
      holdHandlers(built.handlers.values());
      try {
        putInForce(retire, lines);
      } catch (error) {
        abort();
        throw error;
      }
      rememberOrigins(built.origins);
      scope.commit();
    },
    recommit(retire, lines) {
      putInForce(retire, lines);
      restoreHandlerLevels(levels);
    },
    abort,
    preview: () => preview(manager, built, spec),
  };
}

/**
 * Handlers that a configuration has closed while loggers that it does not name still have them. As in
 * Python, such a handler opens its file again with the next record. So it is closed again, but only
 * when no logger has it any more.
 */
const leftOver = new WeakSet<Handler>();

/** Makes all objects, or none: if one is refused, those that have been made are closed. */
function buildAll(
  manager: Manager,
  builder: Builder,
  isFromOutside: boolean,
): { built: BuiltConfig; scope: BuildScope } {
  try {
    const { result: built, scope } = buildInScope(() => builder.build(), isFromOutside);
    return { built, scope };
  } catch (error) {
    closeUnused(manager, builder.handlers.values());
    throw error;
  }
}

/** Closes handlers unless they are in use: a factory of the program's own may return such a handler. */
function closeUnused(manager: Manager, handlers: Iterable<Handler>): void {
  const inUse = handlersInUse(manager);
  retireHandlers([...handlers].filter((handler) => !inUse.has(handler)));
}

function preview(manager: Manager, built: BuiltConfig, spec: FullSpec): ConfigPreview {
  const levels = ownLevels(manager);
  const mentioned = new Set(built.loggers.map(({ name }) => name));
  const above = new Set([...mentioned].filter((name) => manager.loggerDict.has(name)));
  const off = new Set<string>();
  for (const name of manager.loggerDict.keys()) {
    const logger = manager.loggerDict.get(name);
    if (mentioned.has(name) || !(logger instanceof Logger)) continue;
    if (isBelow(name, above)) levels.set(name, NOTSET);
    else if (spec.disableExistingLoggers) off.add(name);
  }
  for (const { name, level } of [...built.loggers, ...built.root ? [built.root] : []]) {
    levels.set(name, level ?? levels.get(name) ?? NOTSET);
  }
  for (const name of spec.disabled) off.add(name);
  const handlers = handlerLevelChanges(manager, built.handlers);
  const dropped = droppedParts(
    reachedHandlers(manager.loggers()),
    previewHandlers(manager, built, off),
  );
  // A logger that is disabled already stays so.
  const disabled = [...off].filter((name) => !isDisabled(manager, name));
  return { levels, disabled, handlers, dropped };
}

function isDisabled({ loggerDict }: Manager, name: string): boolean {
  const logger = loggerDict.get(name);
  return logger instanceof Logger && logger.disabled;
}

/** The handlers that records could come to. */
function previewHandlers(
  manager: Manager,
  built: BuiltConfig,
  off: ReadonlySet<string>,
): Set<Handler> {
  const set = built.root === undefined ? built.loggers : [...built.loggers, built.root];
  const mentioned = new Set(set.map(({ name }) => name));
  const above = new Set([...mentioned].filter((name) => manager.loggerDict.has(name)));
  const handlers = new Set<Handler>();
  for (const one of set) {
    if (!off.has(one.name)) one.handlers.forEach((handler) => handlers.add(handler));
  }
  for (const logger of manager.loggers()) {
    const { name } = logger;
    if (logger.disabled || off.has(name) || mentioned.has(name) || isBelow(name, above)) continue;
    for (const handler of logger.handlers) handlers.add(handler);
  }
  return handlers;
}

/** Swaps a configuration in; returns what it has set. */
function swap(manager: Manager, built: BuiltConfig, spec: FullSpec, undo: Undo): Turned {
  const { loggerDict } = manager;
  const mentioned = new Set(built.loggers.map(({ name }) => name));
  // Only loggers that existed before protect those below them.
  const above = new Set([...mentioned].filter((name) => loggerDict.has(name)));
  let existing = loggerDict.size;
  // This comes first, since a logger class of the program's own may refuse a name.
  const off = spec.disabled.map((name) => manager.getLogger(name));
  const loggers = built.loggers.map((one) => ({ one, logger: manager.getLogger(one.name) }));
  const setUpRoot = () => built.root !== undefined && setUp(undo.note(manager.root), built.root);
  const turned: Turned = [];
  if (built.root?.level !== undefined) turned.push([manager.root, TURNED_LEVEL]);
  // Another section may mean the root as well: the last one counts.
  if (spec.source === "ini") setUpRoot();
  for (const { one, logger } of loggers) {
    setUp(undo.note(logger), one);
    logger.disabled = false;
    if (one.propagate !== undefined) logger.propagate = one.propagate;
    turned.push([logger, bitsOf(one)]);
  }
  if (spec.source === "dict") setUpRoot();
  const disabled = spec.disableExistingLoggers;
  for (const [name, logger] of loggerDict) {
    // A map keeps its order: what comes now was made by this configuration.
    if (existing-- === 0) break;
    if (!(logger instanceof Logger) || mentioned.has(name)) continue;
    if (isBelow(name, above)) {
      // A logger that had no level has none as before: a library behind it keeps its own.
      turned.push([logger, TURNED_PROPAGATE | (logger.level === NOTSET ? 0 : TURNED_LEVEL)]);
      undo.note(logger).setLevel(NOTSET);
      logger.handlers = [];
      logger.propagate = true;
    } else if (logger.disabled !== disabled) {
      undo.note(logger).disabled = disabled;
      turned.push([logger, TURNED_DISABLED]);
    }
  }
  // A whole configuration ends levels that are for some log calls only.
  for (const logger of manager.loggers()) {
    if (getScopes(logger).length > 0) setScopes(undo.note(logger), NO_SCOPES);
  }
  for (const logger of off) {
    undo.note(logger).disabled = true;
    turned.push([logger, TURNED_DISABLED]);
  }
  manager.namedHandlers = new Map(built.handlers);
  return turned;
}

/** Whether a logger has one of these above it. */
export function isBelow(name: string, parents: ReadonlySet<string>): boolean {
  if (parents.size === 0) return false;
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
function inOrder(used: ReadonlySet<Handler>): Handler[] {
  return livingHandlers().filter((handler) => used.has(handler));
}
