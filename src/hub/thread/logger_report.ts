import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { getLevelName } from "../../core/levels/levels.ts";
import { typedLevel } from "../../config/build/config_level.ts";
import { bridgedBy } from "../../core/loggers/bridged.ts";
import { writtenBy } from "../../core/loggers/logger_node.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import {
  effectiveLevel,
  filterLabel,
  handlerKind,
  handlerLabel,
  handlerName,
  outlets,
  type Route,
  routeOf,
  scopedBy,
  silenceOf,
} from "../../core/loggers/route.ts";
import { scopeText } from "../../core/loggers/scope.ts";
import type { ScopeInForce } from "../../config/apply/change_layer.ts";
import { toldTexts } from "../../wire/told_texts.ts";
import type { LoggerInfo, LoggerList, Why, WhyScope } from "../../wire/logger_info.ts";
import { countedAt, writtenRecords } from "../board/told_records.ts";
import type { LogEntry } from "../board/orders.ts";
import { bylineOf } from "./bylines.ts";
import { unknownLogger } from "./unknown_loggers.ts";
import type { Watchers } from "./watchers.ts";

/** Most characters of the list of loggers: senders read no longer answers. */
const MAX_LENGTH = 500_000;

/** The loggers that there are, with where their records come out. */
export function listLoggers(manager: Manager): LoggerList {
  const [root, ...named] = manager.loggers();
  named.sort((a, b) => compare(a.name, b.name));
  const now = Date.now(), { seconds } = manager.written.read(now);
  const loggers: LoggerInfo[] = [];
  let length = 0;
  for (const logger of [root!, ...named]) {
    const info = toldTexts(describe(manager, logger, now, seconds));
    length += JSON.stringify(info).length;
    if (length > MAX_LENGTH) break;
    loggers.push(info);
  }
  const more = named.length + 1 - loggers.length;
  return { loggers, more, ...countedAt(now, seconds) };
}

/**
 * What would become of a record.
 *
 * @throws {ConfigError} An unknown level.
 */
export function explainRecord(
  manager: Manager,
  { logger: name, level }: { readonly logger: string; readonly level: string | number },
  watchers: Watchers,
  scopes: readonly ScopeInForce<LogEntry>[],
): Why {
  const levelno = readLevel(level);
  const route = routeOf(manager, name, levelno);
  const { isNew, steps, dropped } = route;
  return toldTexts({
    logger: name,
    level: getLevelName(levelno),
    isNew,
    similar: isNew ? similarTo(manager, name) : undefined,
    ...ending(route),
    steps: dropped === undefined ? steps : [...steps, dropped],
    stops: route.stops.map(({ handler, logger, outcome, reason, doubts }) => ({
      handler: handlerLabel(handler),
      logger,
      outcome,
      reason,
      doubts,
    })),
    scopes: passedByScopes(manager, name, levelno, scopes, route),
    tailed: levelno >= (watchers.tail?.levelFor(name) ?? Infinity),
    recorded: levelno >= watchers.recorder.levelFor(name),
  });
}

/** What levels for some calls let pass that the logger's level or handlers hold back. */
function passedByScopes(
  manager: Manager,
  name: string,
  level: number,
  scopes: readonly ScopeInForce<LogEntry>[],
  others: Route,
): WhyScope[] | undefined {
  const shown = outlets(others).map(({ handler }) => handler);
  const names = scopedBy(manager, name);
  const meant = scopes.filter((one) => names.includes(one.logger) && level >= one.level);
  const passed = meant.flatMap((scope) => {
    const route = routeOf(manager, name, level, scope);
    if (route.dropped !== undefined) return [];
    const isMore = outlets(route).some(({ handler }) => !shown.includes(handler));
    if (others.dropped === undefined && !isMore) return [];
    const { at, ...sender } = bylineOf(scope.change.at, scope.change);
    return [{ calls: scopeText(scope.test), ...ending(route), at, ...sender }];
  });
  return others.dropped === undefined && passed.length === 0 ? undefined : passed;
}

function readLevel(level: string | number): number {
  try {
    return typedLevel(level);
  } catch (error) {
    throw new ConfigError(`Cannot tell why: ${reasonOf(error)}`);
  }
}

function similarTo(manager: Manager, name: string): string | undefined {
  const known = [...manager.loggers()].map((logger) => logger.name);
  return unknownLogger(manager, name, known).similar;
}

function describe(manager: Manager, logger: Logger, now: number, seconds: number): LoggerInfo {
  const { name, level, disabled, propagate, handlers, filters } = logger;
  const effective = effectiveLevel(logger);
  const counts = writtenBy<Logger>(logger)?.read(now);
  return {
    name,
    kind: bridgedBy(logger)?.kind,
    level: level === 0 && logger.parent !== undefined ? undefined : getLevelName(level),
    effective: getLevelName(effective),
    disabled,
    propagate,
    handlers: handlers.map((handler) => ({
      name: handlerName(handler),
      kind: handlerKind(handler),
      level: getLevelName(handler.level),
    })),
    filters: filters.map(filterLabel),
    ...ending(routeOf(manager, name, Math.max(1, effective))),
    written: counts && writtenRecords(counts, seconds),
  };
}

function ending(route: Route): { out: string[]; silent: string | undefined } {
  return {
    out: outlets(route).map(({ handler }) => handlerName(handler)),
    silent: silenceOf(route),
  };
}

/** Compares by code units, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
