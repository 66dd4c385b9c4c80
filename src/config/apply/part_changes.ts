import { filtersOf } from "../../core/filters/filter.ts";
import type { Handler } from "../../core/handlers/handler.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { filterLabel, handlerKind, handlerLabel, handlerName } from "../../core/loggers/route.ts";

/** A handler whose level a configuration changes, or that it adds. */
export interface HandlerLevelChange {
  readonly name: string;
  /** Level number that it has now, undefined for one that is added. */
  readonly previous: number | undefined;
  readonly level: number;
}

/** The handlers that records can come to: those of loggers that are not disabled. */
export function reachedHandlers(
  loggers: Iterable<{ readonly disabled: boolean; readonly handlers: readonly Handler[] }>,
): Set<Handler> {
  const reached = new Set<Handler>();
  for (const { disabled, handlers } of loggers) {
    if (!disabled) { for (const handler of handlers) reached.add(handler); }
  }
  return reached;
}

/**
 * The parts that go, in words for people: handlers that no other of the same class and target
 * replaces, and filters of handlers that are replaced.
 */
export function droppedParts(before: Iterable<Handler>, after: Iterable<Handler>): string[] {
  const heirs = new Map<string, Handler[]>();
  for (const handler of after) {
    const key = identityOf(handler);
    heirs.set(key, [...heirs.get(key) ?? [], handler]);
  }
  const dropped: string[] = [];
  for (const handler of before) {
    const found = heirs.get(identityOf(handler));
    if (found === undefined) dropped.push(`handler ${handlerLabel(handler)}`);
    else if (!found.includes(handler)) dropped.push(...lostFilters(handler, found));
  }
  return dropped;
}

/** The levels of handlers that a configuration changes; each is compared with the one it replaces. */
export function handlerLevelChanges(
  manager: Manager,
  after: ReadonlyMap<string, Handler>,
): HandlerLevelChange[] {
  const before = new Map<string, Handler>();
  for (const handler of reachedHandlers(manager.loggers())) {
    before.set(identityOf(handler), handler);
  }
  const changes: HandlerLevelChange[] = [];
  for (const [name, handler] of after) {
    const kind = identityOf(handler), { level } = handler;
    const named = manager.namedHandlers.get(name);
    const isSame = named !== undefined && identityOf(named) === kind;
    const previous = (isSame ? named : before.get(kind))?.level;
    if (previous !== level) changes.push({ name, previous, level });
  }
  return changes;
}

function lostFilters(handler: Handler, heirs: readonly Handler[]): string[] {
  const kept = new Set(heirs.flatMap((heir) => filtersOf(heir).map(filterLabel)));
  return filtersOf(handler).map(filterLabel).filter((label) => !kept.has(label))
    .map((label) => `${label} of handler ${handlerLabel(handler)}`);
}

/** A text that tells handlers apart; the name counts only if the target cannot be seen. */
function identityOf(handler: Handler): string {
  const kind = handlerKind(handler);
  return kind.includes(" ") ? kind : `${kind} ${handlerName(handler)}`;
}
