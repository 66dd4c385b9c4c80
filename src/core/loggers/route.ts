/**
 * Foretells the way of a record: what becomes of a record of some level on some logger, as things
 * are set up now. `Logger` finds out the same call by call; here it is put into words, for somebody
 * who turns a level and wants to know where the lines will come out.
 */
import { type Filterer, type FilterLike, filtersOf, hasOwnFilter } from "../filters/filter.ts";
import { isRedaction } from "../filters/redaction.ts";
import type { Handler } from "../handlers/handler.ts";
import { getLevelName, NOTSET } from "../levels/levels.ts";
import { className } from "../values/class_name.ts";
import { askLevel } from "./asked_gate.ts";
import {
  handlersBehind,
  keptBelow,
  opensBehind,
  respectsLevels,
} from "../handlers/handlers_behind.ts";
import { bridgedBy } from "./bridged.ts";
import { getOpening, levelSource } from "./logger_node.ts";
import { Logger } from "./logger.ts";
import type { Manager } from "./manager.ts";
import {
  deadEndIn,
  isNameFilter,
  isSurelyFiltered,
  openedHandlers,
  type Opening,
} from "./opening.ts";
import type { LoggerScope } from "./scope.ts";
import { openingAbove } from "./scope_gate.ts";

/** A handler on the way, and what it does with the record. */
export interface RouteStop {
  readonly handler: Handler;
  /** Logger that it belongs to, undefined for the last resort. */
  readonly logger: string | undefined;
  /** `opened`: it takes the record though its level is higher. */
  readonly outcome: "taken" | "opened" | "held";
  /** What it does, and why. */
  readonly reason: string;
  /** The handler's filters that may hold the record back: that cannot be known ahead. */
  readonly doubts: readonly string[];
}

/** What becomes of a record. */
export interface Route {
  /** Name of the logger. */
  readonly logger: string;
  /** Whether the logger does not exist yet; the route is that of a record once it does. */
  readonly isNew: boolean;
  /** Level number of the record. */
  readonly level: number;
  /** What lets it pass, step by step, up to what drops it. */
  readonly steps: readonly string[];
  /** Why the logger drops it; undefined if it goes on to handlers. */
  readonly dropped: string | undefined;
  /** Filters of the logger and methods of its class that may hold it back: that cannot be known ahead. */
  readonly doubts: readonly string[];
  /** The handlers on its way, in order; none if the logger drops it. */
  readonly stops: readonly RouteStop[];
}

/**
 * Finds the way of a record of level number `level` on the logger of that name. With `scope`, it is
 * the way of a record that the scope has let pass, or for which it opens handlers.
 */
export function routeOf(
  manager: Manager,
  name: string,
  level: number,
  scope?: Pick<LoggerScope, "level" | "opening">,
): Route {
  const known = findLogger(manager, name);
  // A logger that comes up later is as its nearest ancestor, but without filters, and enabled.
  const start = known ?? nearestAncestor(manager, name);
  const steps: string[] = [];
  const about = { logger: name, isNew: known === undefined, level, steps };
  const ends = { doubts: [], stops: [] };
  const source = levelSource(start);
  if (known === undefined) steps.push(`logger ${name} is new: it is made below ${start.name}`);
  if (known?.disabled) return { ...about, ...ends, dropped: `logger ${name} is disabled` };
  const effective = known === undefined ? source.level : effectiveLevel(known);
  const where = effective === source.level
    ? `logger ${source.name} is at ${getLevelName(effective)}`
    : `getEffectiveLevel() of ${className(start)} says ${getLevelName(effective)}`;
  if (level <= NOTSET) return { ...about, ...ends, dropped: "NOTSET is no record's level" };
  // As in Python, an `isEnabledFor` of the class decides in the place of levels and `disable`.
  const isAsked = known !== undefined && hasOwn(known, "isEnabledFor");
  if (level < effective && scope === undefined && !isAsked) {
    return { ...about, ...ends, dropped: where };
  }
  steps.push(where);
  if (level <= manager.disable && !isAsked) {
    const highest = getLevelName(manager.disable);
    return { ...about, ...ends, dropped: `disable() drops ${highest} and below on all loggers` };
  }
  const filters = known?.filters ?? [];
  if (isSurelyFiltered({ filters }, name)) {
    return { ...about, ...ends, dropped: `a filter of logger ${name} lets other loggers through` };
  }
  const doubts = known === undefined ? [] : [...ownMethods(known), ...doubtfulFilters(known)];
  for (const filter of doubts) steps.push(`logger ${name} has ${filter}, which may hold it back`);
  const { way, end, isOurs } = wayFrom(start);
  if (end !== undefined) steps.push(`logger ${end} does not propagate`);
  const { lastResort } = manager;
  if (way.length === 0 && lastResort !== undefined && isOurs) {
    way.push({ handler: lastResort, logger: undefined });
  }
  const dropped = way.length === 0 ? "no handler is on its way" : undefined;
  const own = getOpening(source);
  const opening = scope === undefined
    ? own
    : level < effective
    ? scope.opening
    : openingAbove(scope, scope.level, { from: effective, opening: own }) ?? own;
  const stops = findStops(
    way,
    name,
    level,
    opening !== undefined && level >= opening.from ? opening : undefined,
  );
  return { ...about, dropped, doubts, stops };
}

/** Names of the loggers whose scopes count for the logger of that name, which may not exist yet. */
export function scopedBy(manager: Manager, name: string): readonly string[] {
  const names = [name === "" ? manager.root.name : name];
  const start = findLogger(manager, name) ?? nearestAncestor(manager, name);
  for (let logger: Logger | undefined = start; logger; logger = logger.parent) {
    names.push(logger.name);
    if (logger.level !== NOTSET) break;
  }
  return names;
}

/** The stops at which a record comes out. */
export function outlets({ stops }: Route): RouteStop[] {
  return stops.filter(({ outcome }) => outcome !== "held");
}

/** Why nothing comes out, or why that is in doubt; undefined if something surely does. */
export function silenceOf(route: Route): string | undefined {
  if (route.dropped !== undefined) return route.dropped;
  const out = outlets(route);
  if (out.length === 0) return [...new Set(route.stops.map(({ reason }) => reason))].join("; ");
  if (route.doubts.length > 0) {
    return `it may be held back by ${route.doubts.join(" or ")} of logger ${route.logger}`;
  }
  if (out.some(({ doubts }) => doubts.length === 0)) return undefined;
  const doubts = out.map(({ handler, doubts }) =>
    `${doubts.join(" or ")} of handler ${handlerName(handler)}`
  );
  return `it may be held back by ${[...new Set(doubts)].join(", by ")}`;
}

/** A handler for people: its name, or what it is. */
export function handlerName(handler: Handler): string {
  return nameIn(handler) ?? handlerKind(handler);
}

/** What a handler is, with its target where it shows one: `FileHandler /var/log/app.log`. */
export function handlerKind(handler: Handler): string {
  return textOf(handler).replace(/^<(.*) \([^()]*\)>$/s, "$1");
}

/** Name and kind of a handler: `console (StreamHandler <stdout>)`. */
export function handlerLabel(handler: Handler): string {
  const kind = handlerKind(handler), name = nameIn(handler);
  return name === undefined ? kind : `${name} (${kind})`;
}

/** A filter for people: its class and what it lets pass, or its function's name. */
export function filterLabel(filter: FilterLike): string {
  if (typeof filter === "function") return `filter ${nameIn(filter) ?? "function"}`;
  return isNameFilter(filter) ? `filter "${nameIn(filter) ?? ""}"` : `filter ${className(filter)}`;
}

/** The name of a handler or filter; undefined if it has none, or one that is no text. */
function nameIn(part: object): string | undefined {
  try {
    const { name } = part as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    // A class of the program's own may have a getter that throws.
    return undefined;
  }
}

/** The logger of that name, undefined if there is none. */
export function findLogger(manager: Manager, name: string): Logger | undefined {
  if (name === "" || name === manager.root.name) return manager.root;
  const found = manager.loggerDict.get(name);
  return found instanceof Logger ? found : undefined;
}

function nearestAncestor(manager: Manager, name: string): Logger {
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const found = manager.loggerDict.get(name.slice(0, dot));
    if (found instanceof Logger) return found;
  }
  return manager.root;
}

/** The level number that counts for a logger's calls; its class may have a method for it. */
export function effectiveLevel(logger: Logger): number {
  return askLevel(logger, Logger.prototype.getEffectiveLevel, levelSource<Logger>(logger).level);
}

/** Methods that a logger's class may override, and so do anything with a record. */
const DECIDING = ["isEnabledFor", "handle", "callHandlers"] as const;

function ownMethods(logger: Logger): string[] {
  return DECIDING.filter((method) => hasOwn(logger, method))
    .map((method) => `${method}() of ${className(logger)}`);
}

function hasOwn(logger: Logger, method: typeof DECIDING[number]): boolean {
  return logger[method] !== Logger.prototype[method];
}

/** A handler on the way, with the logger that it belongs to. */
type Waypoint = Pick<RouteStop, "handler" | "logger">;

/** The handlers on the way; `isOurs` unless another library writes the logger's lines. */
function wayFrom(
  start: Logger,
): { way: Waypoint[]; end: string | undefined; isOurs: boolean } {
  const outlets = bridgedBy(start)?.outlets();
  if (outlets !== undefined) {
    return {
      way: outlets.map((handler) => ({ handler, logger: start.name })),
      end: undefined,
      isOurs: false,
    };
  }
  const way: Waypoint[] = [];
  for (let logger: Logger | undefined = start; logger; logger = logger.parent) {
    for (const handler of logger.handlers) way.push({ handler, logger: logger.name });
    if (!logger.propagate && logger.parent !== undefined) {
      return { way, end: logger.name, isOurs: true };
    }
  }
  return { way, end: undefined, isOurs: true };
}

function findStops(
  way: readonly Waypoint[],
  name: string,
  level: number,
  opening: Opening | undefined,
): RouteStop[] {
  const handlers = way.map(({ handler }) => handler);
  const opened = opening === undefined ? [] : openedHandlers(handlers, name, opening);
  return way.map(({ handler, logger }) => {
    const label = `handler ${handlerLabel(handler)}`;
    const lowest = getLevelName(handler.level);
    const isTaken = !(level < handler.level);
    const after = behind(handler, name, level, opening, !isTaken);
    const stop = { handler, logger, doubts: [...doubtfulFilters(handler), ...after.doubts] };
    const held = (reason: string): RouteStop => ({ ...stop, outcome: "held", reason });
    const end = deadEndIn(handler, name);
    if (end !== undefined) return held(`${label} ${end}`);
    if ((isTaken || opened.includes(handler)) && after.reason !== undefined) {
      return held(`${label} hands it on to ${after.reason}`);
    }
    if (isTaken) return { ...stop, outcome: "taken", reason: `${label} takes it` };
    if (opened.includes(handler)) {
      const reason = `${label} takes ${lowest} and above, but is opened for it`;
      return { ...stop, outcome: "opened", reason };
    }
    const rest = opening === undefined || handler.opens === true ? "" : ", and opens only by name";
    return held(`${label} takes ${lowest} and above${rest}`);
  });
}

/** What holds a record back behind a handler that hands it on, surely (`reason`) or perhaps. */
function behind(
  handler: Handler,
  name: string,
  level: number,
  opening: Opening | undefined,
  isOpened: boolean,
): { reason?: string; doubts: readonly string[] } {
  const kept = level < keptBelow(handler) ? [`passLevel ${getLevelName(keptBelow(handler))}`] : [];
  const useful = handlersBehind(handler).filter((one) => deadEndIn(one, name) === undefined);
  if (useful.length === 0) return { doubts: kept };
  const isStrict = respectsLevels(handler) || (isOpened && opensBehind(handler));
  const opened = opening === undefined || !opensBehind(handler)
    ? []
    : openedHandlers(useful, name, opening);
  const takers = useful.filter((one) => !isStrict || level >= one.level || opened.includes(one));
  if (takers.length === 0) {
    const reasons = useful.map((one) =>
      `${handlerLabel(one)}, which takes ${getLevelName(one.level)} and above`
    );
    return { reason: reasons.join(", and to "), doubts: kept };
  }
  const filters = takers.map((one) => doubtfulFilters(one).map((text) => `${text} behind it`));
  return {
    doubts: filters.some((some) => some.length === 0) ? kept : [...kept, ...filters.flat()],
  };
}

function doubtfulFilters(where: Filterer): string[] {
  const doubtful = filtersOf(where).filter((one) => !isNameFilter(one) && !takesOutOnly(one))
    .map(filterLabel);
  return asksOwnFilter(where) ? [`filter() of ${className(where)}`, ...doubtful] : doubtful;
}

/** Whether a handler has its own `filter`; what stands for a handler may have none that can be read. */
function asksOwnFilter(where: Filterer): boolean {
  try {
    return typeof where.filter === "function" && hasOwnFilter(where);
  } catch {
    return true;
  }
}

/** Whether a filter takes secrets out of records, and is known to let all of them pass. */
function takesOutOnly(filter: FilterLike): boolean {
  try {
    return isRedaction(filter) && filter.passesAll === true;
  } catch {
    // A filter that cannot be asked may do anything.
    return false;
  }
}

function textOf(handler: Handler): string {
  try {
    return String(handler);
  } catch {
    // A class of the program's own may throw when it is shown.
    return className(handler);
  }
}
