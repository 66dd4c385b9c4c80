import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { ConfigError, reasonOf } from "../../core/errors.ts";
import { type Handler, retireHandlers } from "../../core/handler.ts";
import type { Manager } from "../../core/manager.ts";
import { parseConfigText, type ParsedConfig, readParsedConfig } from "../text/config_text.ts";
import { prepareConfig } from "./configurator.ts";
import { ownLevels, type PreparedConfig } from "./prepared_config.ts";
import { captureState, handlersInUse, type LoggingState, restoreState } from "./logging_state.ts";
import { applyHandlerChange, handlerChanges, handlersByLogger } from "./handler_changes.ts";
import { RecentTexts } from "../text/recent_texts.ts";
import type { Registry } from "../build/registry.ts";
import type { ConfigSpec } from "../spec/spec.ts";

/** A configuration that came from outside. */
export interface ChangeRequest {
  /** INI or JSON. */
  readonly text: string;
  /** JSON of the `ParsedConfig` of the text, if someone has read it already. */
  readonly parsed?: string;
  /** Who sent it. */
  readonly by: string;
  /** ISO time of its sending. */
  readonly at: string;
  /** When it is to be taken back, in milliseconds since the epoch; undefined for never. */
  readonly expiresAt?: number;
}

/** A change in force, with what it changed. */
interface Layer {
  readonly change: ChangeRequest;
  readonly before: LoggingState;
  readonly prepared: PreparedConfig;
}

/** Changes that can be rolled back. */
const MAX_LAYERS = 16;
/** Overrides that may be in force at once; those before the newest cannot be forgotten. */
const MAX_OVERRIDES = 64;

/**
 * The changes that a thread has taken from outside, on top of what the program set up.
 *
 * One that ends is taken back by going back to what was before it and applying again what
 * came after it, so that a later change outlives an earlier override. For that, handlers
 * that a change takes out of use stay open until nothing can bring them back.
 */
export class ChangeLog {
  readonly #manager: Manager;
  readonly #registry: Registry;
  #layers: Layer[] = [];
  #start: LoggingState | undefined;
  #before: LoggingState | undefined;
  /** Levels as the last change left them, to tell the program's own changes since. */
  #levels: ReadonlyMap<string, number> = new Map();
  /** Handlers, likewise; none of loggers that have none. */
  #handlers: ReadonlyMap<string, readonly Handler[]> = new Map();
  readonly #parked = new Set<Handler>();
  readonly #specs = new RecentTexts<ConfigSpec>();
  /** Handlers that changes have made. */
  readonly #built = new WeakSet<Handler>();

  /** Changes apply to `manager`, with names from `registry`. */
  constructor(manager: Manager, registry: Registry) {
    this.#manager = manager;
    this.#registry = registry;
    manager.onConfigured = () => this.#startAnew();
  }

  /** The changes in force, oldest first. */
  get changes(): readonly ChangeRequest[] {
    return this.#layers.map(({ change }) => change);
  }

  /** How the loggers were set up before the last thing that was done here. */
  get before(): LoggingState | undefined {
    return this.#before;
  }

  /** Those that will be taken back, oldest first. */
  get overrides(): ChangeRequest[] {
    return this.changes.filter(({ expiresAt }) => expiresAt !== undefined);
  }

  /**
   * Applies a change.
   *
   * @throws {ConfigError} It is refused, and nothing has changed.
   */
  apply(change: ChangeRequest): void {
    this.prepare(change).commit();
  }

  /**
   * Makes everything of a change, and changes nothing.
   *
   * @throws {ConfigError} It is refused.
   */
  prepare(change: ChangeRequest): PreparedConfig {
    if (this.#layers.length >= MAX_OVERRIDES) {
      throw new ConfigError(
        `Cannot apply: ${MAX_OVERRIDES} changes on top of an override are in force`,
      );
    }
    const prepared = prepareConfig(this.#manager, this.#read(change), this.#registry);
    const commit = () => {
      this.#add(change, prepared, () => prepared.commit((old) => this.#park(old)));
    };
    return { ...prepared, commit };
  }

  #read({ text, parsed }: ChangeRequest): ConfigSpec {
    return this.#specs.get(text, () => {
      const config = parsed === undefined
        ? parseConfigText(text)
        : JSON.parse(parsed) as ParsedConfig;
      return readParsedConfig(config, (name) => this.#registry.object(name));
    });
  }

  #add(change: ChangeRequest, prepared: PreparedConfig, commit: () => void): void {
    const before = captureState(this.#manager);
    commit();
    const inUse = handlersInUse(this.#manager);
    for (const handler of inUse) {
      if (!before.handlerLevels.has(handler)) this.#built.add(handler);
    }
    this.#start ??= before;
    this.#before = before;
    this.#layers.push({ change, before, prepared });
    while (
      this.#layers.length > MAX_LAYERS && this.#layers[0]!.change.expiresAt === undefined
    ) {
      this.#layers.shift();
    }
    this.#settle(inUse);
  }

  /** Takes back the overrides whose time is up; returns them. */
  expire(now: number): ChangeRequest[] {
    const isOver = ({ change: { expiresAt } }: Layer) =>
      expiresAt !== undefined && expiresAt <= now;
    const ended = this.#layers.filter(isOver);
    if (ended.length === 0) return [];
    const first = this.#layers.indexOf(ended[0]!);
    const later = this.#layers.slice(first).filter((layer) => !isOver(layer));
    this.#goBack(first, later);
    return ended.map(({ change }) => change);
  }

  /**
   * Takes back the last `steps` changes.
   *
   * @throws {ConfigError} There are not so many.
   */
  rollback(steps: number): void {
    const first = this.#layers.length - steps;
    if (first < 0) {
      throw new ConfigError(
        `Cannot roll back ${steps} changes: ${this.#layers.length} can be taken back`,
      );
    }
    this.#goBack(first, []);
  }

  /** Goes back to what the program had set up before the first change. */
  reset(): void {
    if (this.#start === undefined) return;
    const before = captureState(this.#manager);
    this.#restore(this.#start);
    this.#layers = [];
    this.#start = undefined;
    this.#before = before;
    this.#settle();
  }

  /** What the program has configured is a new start: there is nothing to go back to. */
  #startAnew(): void {
    this.#layers = [];
    this.#start = undefined;
    this.#settle();
  }

  #goBack(first: number, later: readonly Layer[]): void {
    const own = this.#ownChanges();
    const ownHandlers = handlerChanges(this.#manager, this.#handlers);
    const before = captureState(this.#manager);
    this.#restore(this.#layers[first]!.before);
    this.#layers = this.#layers.slice(0, first);
    for (const layer of later) this.#applyAgain(layer);
    for (const [name, level] of own) this.#manager.getLogger(name).setLevel(level);
    for (const change of ownHandlers) applyHandlerChange(change);
    this.#before = before;
    this.#settle();
  }

  /** What cannot be built any more must not keep the rest from being restored. */
  #applyAgain({ change, prepared }: Layer): void {
    const { recommit } = prepared;
    try {
      if (recommit === undefined) this.apply(change);
      else this.#add(change, prepared, () => recommit((old) => this.#park(old)));
    } catch (error) {
      const reason = reasonOf(error);
      writeDiagnostic(`logdial: a change by ${change.by} could not be kept: ${reason}\n`);
    }
  }

  #restore(state: LoggingState): void {
    // Those of the program are not ours to close.
    this.#park([...handlersInUse(this.#manager)].filter((handler) => this.#built.has(handler)));
    restoreState(this.#manager, state, (name) => this.#levels.has(name));
  }

  /** Levels that the program has set since the last change; they are not ours to undo. */
  #ownChanges(): Map<string, number> {
    const own = new Map<string, number>();
    for (const [name, level] of ownLevels(this.#manager)) {
      if (this.#levels.has(name) && this.#levels.get(name) !== level) own.set(name, level);
    }
    return own;
  }

  #park(handlers: Iterable<Handler>): void {
    for (const handler of handlers) {
      handler.flush();
      this.#parked.add(handler);
    }
  }

  /** Closes what nothing can bring back any more. */
  #settle(inUse: ReadonlySet<Handler> = handlersInUse(this.#manager)): void {
    this.#levels = ownLevels(this.#manager);
    this.#handlers = handlersByLogger(this.#manager);
    if (this.#parked.size === 0) return;
    const states = this.#layers.map(({ before }) => before);
    if (this.#start !== undefined) states.push(this.#start);
    const needed = new Set(inUse);
    for (const { handlerLevels } of states) {
      for (const handler of handlerLevels.keys()) needed.add(handler);
    }
    const done = [...this.#parked].filter((handler) => !needed.has(handler));
    for (const handler of done) this.#parked.delete(handler);
    retireHandlers(done);
  }
}
