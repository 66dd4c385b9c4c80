import type { Manager } from "../../core/loggers/manager.ts";
import { flushUnused, type Handler, retireHandlers } from "../../core/handlers/handler.ts";
import { handlersInUse, type LoggingState } from "./logging_state.ts";

/** Handlers that changes have taken out of use, open until nothing can bring them back. */
export class ParkedHandlers {
  readonly #manager: Manager;
  readonly #parked = new Set<Handler>();
  /** Handlers that changes have made. */
  readonly #built = new WeakSet<Handler>();
  #unused: ReadonlyMap<Handler, number> = new Map();

  /** Parks handlers of the loggers of `manager`. */
  constructor(manager: Manager) {
    this.#manager = manager;
  }

  /** Takes handlers out of use. It never throws, since the change that does so is in force. */
  readonly park = (handlers: Iterable<Handler>): void => {
    for (const handler of handlers) {
      flushUnused(handler);
      this.#parked.add(handler);
    }
  };

  /** Parks the handlers that changes have made; the program's own handlers are not ours to close. */
  parkBuilt({ handlerLevels }: LoggingState): void {
    this.park([...handlerLevels.keys()].filter((handler) => this.#built.has(handler)));
  }

  /** Notes that a change has made the handlers which `before` does not have. */
  noteBuilt(before: LoggingState, after: LoggingState): void {
    for (const handler of after.handlerLevels.keys()) {
      if (!before.handlerLevels.has(handler)) this.#built.add(handler);
    }
  }

  /** The handlers that the program has made, in use or not. */
  *own(): Generator<Handler> {
    for (const handler of [...handlersInUse(this.#manager), ...this.#parked]) {
      if (!this.#built.has(handler)) yield handler;
    }
  }

  /** Levels that handlers had at the last change which were out of use, and may come back. */
  get unused(): ReadonlyMap<Handler, number> {
    return this.#unused;
  }

  /** Closes and forgets parked handlers that neither the present state nor an earlier one uses. */
  settle(now: LoggingState, earlier: readonly LoggingState[]): void {
    this.#unused = unusedLevels(now, earlier);
    this.#retire([now, ...earlier]);
  }

  #retire(states: readonly LoggingState[]): void {
    if (this.#parked.size === 0) return;
    const needed = new Set(states.flatMap(({ handlerLevels }) => [...handlerLevels.keys()]));
    const done = [...this.#parked].filter((handler) => !needed.has(handler));
    for (const handler of done) this.#parked.delete(handler);
    retireHandlers(done);
  }
}

function unusedLevels(now: LoggingState, earlier: readonly LoggingState[]): Map<Handler, number> {
  const unused = new Map<Handler, number>();
  for (const handlerLevels of new Set(earlier.map((state) => state.handlerLevels))) {
    if (handlerLevels === now.handlerLevels) continue;
    for (const handler of handlerLevels.keys()) {
      if (!now.handlerLevels.has(handler)) unused.set(handler, handler.level);
    }
  }
  return unused;
}
