import { ConfigError } from "../../core/errors/config_error.ts";
import { type Handler, ownHandlers, setHandlerTurned } from "../../core/handlers/handler.ts";
import {
  getOpening,
  getScopes,
  levelSource,
  setOpening,
  setScopes,
  TURNED_LEVEL,
} from "../../core/loggers/logger_node.ts";
import { outletsOf } from "../../core/loggers/bridged.ts";
import { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { isNamed, type Opening } from "../../core/loggers/opening.ts";
import { className } from "../../core/values/class_name.ts";
import type { LineBudget } from "../../core/loggers/line_budget.ts";
import { mergeRecordings } from "../../core/loggers/recording.ts";
import { buildRecording } from "../build/build_recording.ts";
import { configLevel } from "../build/config_level.ts";
import { allOrNothing, type Undo } from "./all_or_nothing.ts";
import { loggersThatFit } from "./loggers_that_fit.ts";
import { handlersInUse } from "./logging_state.ts";
import { type NamedScope, ownLevels, type PreparedConfig, type Retire } from "./prepared_config.ts";
import { bitsOf, noteTurned } from "./turned.ts";
import type { OpenSetting } from "../spec/open_setting.ts";
import type { IncrementalSpec, LevelSpec } from "../spec/config_spec.ts";

/** A level to be set, with the opening that comes with it. */
interface Turn {
  readonly logger: Logger;
  readonly level: number;
  readonly opening: Opening | undefined;
}

/** Whose change of levels it is. */
interface Origin {
  /** Whether it has been in force before: then handlers that have gone are no reason to end it. */
  readonly isAgain?: boolean;
  /** Whether it is the program's own. */
  readonly isOwn?: boolean;
}

/**
 * Checks a change of levels and propagation, and changes nothing before it is committed.
 *
 * @throws {ConfigError} An unknown handler or level.
 */
export function prepareIncremental(
  manager: Manager,
  spec: IncrementalSpec,
  { isAgain = false, isOwn = false }: Origin = {},
): PreparedConfig {
  // Only our commands say `open`, and those who speak like them: they send level names in capitals.
  const isTyped = spec.open !== undefined;
  const handlers = spec.handlers.flatMap((one) => {
    const handler = findHandler(manager, one.name);
    if (handler === undefined && !isAgain) throw noHandler(manager, one);
    return handler === undefined ? [] : [{ name: one.name, handler, level: configLevel(one) }];
  });
  const named = [...spec.loggers, ...loggersThatFit(manager, spec)];
  const loggers = named.map((one) => ({ ...one, level: configLevel(one, isTyped) }));
  const rootLevel = spec.root && configLevel(spec.root, isTyped);
  // CPython's senders may mean a logger "ROOT"; a command knows what the root is called.
  if (isTyped) { for (const one of loggers) refuseOtherRoot(manager, one); }
  const names = typeof spec.open === "object" ? spec.open : [];
  if (!isAgain) { for (const name of names) requireHandler(manager, name); }

  const turned = [...loggers, { name: manager.root.name, level: rootLevel }];
  const scopes = scopesIn(spec, turned, names);
  const recording = spec.recording && buildRecording(spec.recording);

  const turn = (undo: Undo, lines: LineBudget | undefined) => {
    const own = loggers.map((one) => ({ ...one, logger: undo.note(manager.getLogger(one.name)) }));
    const root = undo.note(manager.root);
    if (recording !== undefined) {
      manager.recording = mergeRecordings(manager.recording, recording);
    }
    for (const { handler, level } of handlers) {
      if (level === undefined) continue;
      undo.noteHandler(handler).setLevel(level);
      if (!isOwn) setHandlerTurned(handler, true);
    }
    if (scopes !== undefined) return addScopes(manager, scopes, lines);
    turnLevels([...own, { logger: root, level: rootLevel }], spec.open, lines);
    for (const { logger, propagate } of own) {
      logger.disabled = false;
      if (propagate !== undefined) logger.propagate = propagate;
    }
    if (isOwn) return;
    noteTurned(own.map((one) => [one.logger, bitsOf(one)]));
    if (rootLevel !== undefined) noteTurned([[root, TURNED_LEVEL]]);
  };
  const commit = (_retire?: Retire, lines?: LineBudget) =>
    allOrNothing(manager, (undo) => turn(undo, lines));
  const preview = () => {
    const levels = ownLevels(manager);
    for (const { name, level } of [...loggers, { name: "root", level: rootLevel }]) {
      if (level !== undefined && scopes === undefined) levels.set(name, level);
    }
    const changed = handlers.flatMap(({ name, handler: { level: previous }, level }) =>
      level === undefined || level === previous ? [] : [{ name, previous, level }]
    );
    return { levels, scopes, disabled: [], handlers: changed, dropped: [] };
  };
  const turns = turned.filter(({ level }) => level !== undefined).map(({ name }) => name);
  const touches = loggers.map(({ name }) => name);
  return { commit, turns, scopes, touches, abort: () => {}, preview };
}

function addScopes(
  manager: Manager,
  scopes: readonly NamedScope[],
  lines: LineBudget | undefined,
): void {
  for (const { logger: name, ...scope } of scopes) {
    const logger = manager.getLogger(name);
    setScopes(logger, [...getScopes(logger), { ...scope, lines }]);
  }
}

function turnLevels(
  loggers: readonly { readonly logger: Logger; readonly level: number | undefined }[],
  open: IncrementalSpec["open"],
  lines: LineBudget | undefined,
): void {
  // All openings are found before any level is set, since a logger may inherit another one's level.
  const turns = loggers.flatMap(({ logger, level }): Turn[] => {
    if (level === undefined) return [];
    const opening = openingAt(logger, level, open);
    return [{ logger, level, opening: lines ? counted(logger, lines, opening) : opening }];
  });
  for (const { logger, level, opening } of turns) {
    logger.setLevel(level);
    if (opening !== undefined) setOpening(logger, opening);
  }
}

/** The levels for some log calls only; undefined for a change that is for all calls. */
function scopesIn(
  { scope: test, open }: IncrementalSpec,
  turned: readonly { readonly name: string; readonly level: number | undefined }[],
  handlers: readonly string[],
): readonly NamedScope[] | undefined {
  return test && turned.flatMap(({ name, level }) => {
    if (level === undefined) return [];
    const opening = open ? { from: level, handlers } : undefined;
    return [{ logger: name, level, test, opening }];
  });
}

/** The opening of a new level thanks to which only so many lines may come out. */
function counted(logger: Logger, lines: LineBudget, opening: Opening | undefined): Opening {
  const before = getOpening(logger), source = getOpening(levelSource(logger));
  const { from, handlers } = opening ?? { from: Infinity, handlers: [] };
  const budget = {
    lines,
    beneath: before?.budget?.beneath ?? logger.level,
    wasDisabled: logger.disabled || before?.budget?.wasDisabled === true,
    openBeneath: source?.budget?.openBeneath ?? source?.from ?? Infinity,
  };
  return { from, handlers, budget };
}

/**
 * The opening of a new level: what it shows in spite of handlers' levels. A level above the one
 * before shows nothing more than that did.
 */
function openingAt(
  logger: Logger,
  level: number,
  open: OpenSetting | undefined,
): Opening | undefined {
  const source = levelSource(logger);
  // Without a level of its own the logger has its ancestor's level, and so its opening.
  const isInherited = level === 0 && logger.parent !== undefined;
  if (isInherited || open === undefined || open === false) return undefined;
  const isLowered = level <= source.level || level >= (getOpening(source)?.from ?? Infinity);
  return isLowered ? { from: level, handlers: open === true ? [] : open } : undefined;
}

/** A handler to which the program itself has given the name, which is as good. */
function ownHandler(manager: Manager, name: string): Handler | undefined {
  const inUse = handlersInUse(manager);
  return ownHandlers(manager.namedHandlers.values())
    .findLast((one) => one.name === name && inUse.has(one));
}

function findHandler(manager: Manager, name: string): Handler | undefined {
  return manager.namedHandlers.get(name) ?? ownHandler(manager, name);
}

function noHandler(manager: Manager, { name, place }: LevelSpec): ConfigError {
  return new ConfigError(
    `Cannot change handler "${name}": there is none of that name, ${
      onlyThese(manager.namedHandlers.keys(), "no handler has one")
    }`,
    { ...place() },
  );
}

function requireHandler(manager: Manager, name: string): void {
  const handlers = [...handlersInUse(manager), ...outletsOf(manager.loggers())];
  if (handlers.some((handler) => isNamed(handler, [name]))) return;
  const known = handlers.map((handler) =>
    typeof handler.name === "string" ? handler.name : className(handler)
  );
  throw new ConfigError(
    `Cannot open handler "${name}": there is none of that name or class, ${
      onlyThese(known, "no logger has a handler")
    }`,
  );
}

/** The names that there are; `none` if there are none. */
function onlyThese(names: Iterable<string>, none: string): string {
  const known = [...new Set(names)].join(", ");
  return known === "" ? none : `only ${known}`;
}

function refuseOtherRoot(manager: Manager, { name, place }: LevelSpec): void {
  const isOther = name !== "root" && name.toLowerCase() === "root";
  if (!isOther || manager.loggerDict.get(name) instanceof Logger) return;
  throw new ConfigError(
    `Cannot set the level of logger "${name}": there is none of that name, the root is "root"`,
    { ...place() },
  );
}
