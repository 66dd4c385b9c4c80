/**
 * Puts LogTape's loggers on logdial's dial: their levels can be turned from outside, on every
 * thread, also in the middle of a computation. The lines stay LogTape's. The other way round,
 * {@linkcode logtapeSink} hands its records to our loggers.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/logtape";
 * import { configure, getConsoleSink, getLogger } from "npm:@logtape/logtape@2.4.2";
 *
 * await configure({
 *   sinks: { console: getConsoleSink() },
 *   loggers: [{ category: "app", lowestLevel: "info", sinks: ["console"] }],
 * });
 * bridge(); // from here on: logdial set logtape.app.db=DEBUG
 * getLogger(["app", "db"]).info("ready");
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { writeDiagnostic } from "../core/io/diagnostics.ts";
import { NOTSET } from "../core/levels/levels.ts";
import type { Dial } from "../core/loggers/dial.ts";
import type { Fields } from "../core/records/shared_fields.ts";
import { fieldText } from "../core/values/field_text.ts";
import { isError } from "../core/values/thrown.ts";
import { bridgeName } from "./bridge_name.ts";
import { Patch } from "./patch.ts";
import { LevelFollower, tellPublicLevel } from "./public_level.ts";
import { readOr } from "./read_arguments.ts";
import {
  findRoot,
  isKnown,
  LEVELS,
  type LogtapeChild,
  type LogtapeLogger,
  type LogtapeRecord,
  prefixHere,
  withDescendants,
} from "./logtape_inside.ts";
import { KIND, libraryLevel, LogtapeNode, type Originals } from "./logtape_node.ts";
import { wouldComeOut } from "./would_come_out.ts";

// The way back: LogTape's records for the handlers of our loggers
export { logtapeSink } from "./back/logtape_sink.ts";

/**
 * Where LogTape's loggers stand in the tree.
 *
 * @example
 * ```ts
 * import type { LogtapeBridgeOptions } from "@logdial/logging/bridge/logtape";
 *
 * const options: LogtapeBridgeOptions = { name: "libraries" };
 * ```
 */
export interface LogtapeBridgeOptions {
  /**
   * Name of LogTape's root logger in the tree of loggers; the categories follow it by dots.
   *
   * @default "logtape"
   */
  readonly name?: string;
}

/**
 * Most categories that become loggers of the tree. Those beyond do if the program has configured
 * them, and else are turned with the one above.
 */
const MAX_NAMED = 1000;

let isBridged = false;

/**
 * Puts all loggers of LogTape on the dial, also those that come up later, and those of all copies
 * of the library; returns a function that takes them off again, and leaves LogTape as it was. The
 * logger of category `["app", "db"]` is `logtape.app.db` in the tree.
 *
 * What `withConfig` configures for a block of code counts in there, and is not turned.
 *
 * @throws {ConfigError} LogTape is not loaded or bridged already, or another library is under a
 * name of its loggers.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/logtape";
 * import "npm:@logtape/logtape@2.4.2";
 *
 * const unbridge = bridge();
 * unbridge();
 * ```
 */
export function bridge(options: LogtapeBridgeOptions = {}): () => void {
  const name = bridgeName(options, KIND);
  const root = findRoot();
  if (root === undefined) {
    throw new ConfigError("Cannot bridge LogTape: it is not loaded, import it before");
  }
  if (isBridged) {
    throw new ConfigError(`Cannot bridge LogTape as "${name}": it is bridged already`);
  }
  const bridged = isKnown(root) ? new LogtapeBridge(root, name) : new PublicBridge(root, name);
  isBridged = true;
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    isBridged = false;
    bridged.undo();
  };
}

class LogtapeBridge {
  readonly #root: LogtapeLogger;
  readonly #name: string;
  readonly #patch = new Patch();
  readonly #originals: Originals;
  #nodes = new WeakMap<LogtapeLogger, LogtapeNode>();
  /** The nodes that are loggers of the tree. */
  readonly #named = new Set<LogtapeNode>();
  /** Whether the program may have configured other levels, which the dials do not know yet. */
  #isStale = false;
  #hasTold = false;

  constructor(root: LogtapeLogger, name: string) {
    this.#root = root;
    this.#name = name;
    const prototype = Object.getPrototypeOf(root) as LogtapeLogger;
    const level = Object.getOwnPropertyDescriptor(prototype, "lowestLevel")!;
    this.#originals = {
      opensSinks: true,
      emit: prototype.emitResolved,
      lowestLevel: (logger) => level.get!.call(logger),
    };
    // The root comes first: if its name is another library's, nothing is changed.
    for (const logger of withDescendants(root)) this.#nodeOf(logger);
    this.#replaceLevel(prototype, level);
    this.#replaceQuestions(prototype);
    const { emit } = this.#originals, bridge = this;
    this.#patch.value(prototype, "emitResolved", function (
      this: LogtapeLogger,
      record: LogtapeRecord,
      bypassSinks?: unknown,
    ) {
      const levelno = LEVELS.numberOf(record.level);
      // LogTape itself refuses what is no level.
      if (levelno === undefined || prefixHere(root) === undefined) {
        return emit.call(this, record, bypassSinks);
      }
      bridge.#emit(bridge.#nodeOf(this), record, levelno, bypassSinks);
    });
  }

  undo(): void {
    this.#patch.undo();
    for (const node of this.#named) node.close();
  }

  #replaceLevel(prototype: LogtapeLogger, { set }: PropertyDescriptor): void {
    const bridge = this;
    this.#patch.define(prototype, "lowestLevel", {
      get(this: LogtapeLogger) {
        return LEVELS.nameOf(bridge.#nodeOf(this).dial.level) ?? null;
      },
      set(this: LogtapeLogger, level: string | null) {
        set!.call(this, level);
        bridge.#noteConfigured();
      },
      enumerable: false,
      configurable: true,
    });
  }

  #replaceQuestions(prototype: LogtapeLogger): void {
    const root = this.#root, bridge = this;
    const { isCertainlyDropped, isEnabledFor } = prototype;
    const child = Object.getPrototypeOf(root.with({})) as LogtapeChild;
    const { isEnabledFor: isChildEnabledFor } = child;
    this.#patch.value(prototype, "isCertainlyDropped", function (
      this: LogtapeLogger,
      level: string,
    ) {
      const node = bridge.#nodeHere(this), levelno = LEVELS.numberOf(level);
      if (node === undefined || levelno === undefined) return isCertainlyDropped.call(this, level);
      return node.dial.isOff(levelno);
    });
    if (prototype.isCertainlyDroppedResolved !== undefined) {
      this.#patch.value(prototype, "isCertainlyDroppedResolved", function (
        this: LogtapeLogger,
        level: string,
      ) {
        return bridge.#nodeOf(this).dial.isOff(LEVELS.numberOf(level) ?? Infinity);
      });
    }
    this.#patch.value(prototype, "isEnabledFor", function (this: LogtapeLogger, level: string) {
      const node = bridge.#nodeHere(this), levelno = LEVELS.numberOf(level);
      if (node === undefined || levelno === undefined) return isEnabledFor.call(this, level);
      return wouldComeOut(node.asked, node.outlets, levelno);
    });
    this.#patch.value(child, "isEnabledFor", function (this: LogtapeChild, level: string) {
      const node = bridge.#nodeHere(this.logger), levelno = LEVELS.numberOf(level);
      if (node === undefined || levelno === undefined) return isChildEnabledFor.call(this, level);
      if (node.dial.isOff(levelno)) return false;
      return wouldComeOut(node.dial.with(this.properties), node.outlets, levelno);
    });
  }

  #emit(
    node: LogtapeNode,
    record: LogtapeRecord,
    levelno: number,
    bypassSinks: unknown,
  ): void {
    const { dial } = node;
    if (dial.isOff(levelno)) return;
    // Messages and properties may be functions: they are called only if somebody wants to know.
    if (dial.isPlain(levelno)) {
      const taking = node.taking(node.asked, levelno);
      return dial.wrote(levelno, node.hand(taking, record, bypassSinks));
    }
    const properties = readOr(undefined, () => record.properties);
    const isAdmitted = dial.admits(levelno, readOr(undefined, () => record.rawMessage), properties);
    try {
      if (isAdmitted) {
        const taking = node.taking(dial, levelno);
        if (!node.hand(taking, record, bypassSinks)) dial.heldBack();
      }
    } finally {
      if (dial.wants(levelno)) {
        dial.passed(
          levelno,
          readOr(undefined, () => messageOf(dial, record)),
          properties,
          readOr(undefined, () => properties?.error),
        );
      } else dial.passed(levelno);
    }
  }

  /** The node that decides on calls of a logger here; undefined where LogTape does. */
  #nodeHere(logger: LogtapeLogger): LogtapeNode | undefined {
    const prefix = prefixHere(this.#root);
    if (prefix === undefined) return undefined;
    const isMeta = logger.category[0] === "logtape" && logger.category[1] === "meta";
    return this.#nodeOf(prefix.length === 0 || isMeta ? logger : logger.getDispatcher(prefix));
  }

  #nodeOf(logger: LogtapeLogger): LogtapeNode {
    if (this.#isStale) this.#sync();
    return this.#nodes.get(logger) ?? this.#makeNode(logger);
  }

  #makeNode(logger: LogtapeLogger): LogtapeNode {
    const { parent, category } = logger;
    const above = parent === null ? undefined : this.#nodeOf(parent);
    const isNamed = this.#named.size < MAX_NAMED ||
      libraryLevel(logger, this.#originals) !== NOTSET;
    if (!isNamed) this.#tellBeyond();
    const name = isNamed ? nameOf(this.#name, category) : undefined;
    const node = new LogtapeNode(logger, name, above, this.#originals);
    this.#nodes.set(logger, node);
    if (isNamed) this.#named.add(node);
    return node;
  }

  /** Looks at the levels later: LogTape resets all of them before it sets them, and adds sinks. */
  #noteConfigured(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    queueMicrotask(() => this.#sync());
  }

  #sync(): void {
    this.#isStale = false;
    for (const node of this.#named) node.sync();
    // Loggers that follow the one above may be configured now: they are looked at again.
    if (this.#hasTold) this.#nodes = new WeakMap([...this.#named].map((one) => [one.logger, one]));
  }

  #tellBeyond(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    writeDiagnostic(
      `logdial: LogTape has more than ${MAX_NAMED} categories: those beyond are turned with the ` +
        `one above, in "${this.#name}", unless a level or sinks are configured for them; what ` +
        "differs from call to call is better a property\n",
    );
  }
}

/** Bridges a LogTape whose inside is not known: it sets the levels of its loggers. */
class PublicBridge {
  readonly #root: LogtapeLogger;
  readonly #name: string;
  readonly #nodes = new Map<LogtapeLogger | null, LogtapeNode>();
  readonly #followers = new Map<LogtapeLogger, LevelFollower<string | null>>();
  readonly #leave: () => void;

  constructor(root: LogtapeLogger, name: string) {
    tellPublicLevel(KIND, name);
    this.#root = root;
    this.#name = name;
    this.#follow();
    this.#leave = this.#nodes.get(root)!.dial.follow(() => this.#follow());
  }

  undo(): void {
    this.#leave();
    for (const node of this.#nodes.values()) node.close();
    for (const follower of this.#followers.values()) follower.undo();
  }

  /** Sets all levels that have changed, also of loggers that have come up since. */
  #follow(): void {
    for (const logger of withDescendants(this.#root)) {
      const follower = this.#followers.get(logger);
      if (follower !== undefined) follower.follow();
      else this.#followers.set(logger, this.#makeFollower(logger));
    }
  }

  #makeFollower(logger: LogtapeLogger): LevelFollower<string | null> {
    const above = this.#nodes.get(logger.parent);
    const node = new LogtapeNode(logger, nameOf(this.#name, logger.category), above, {
      opensSinks: false,
      emit: logger.emitResolved,
      lowestLevel: ({ lowestLevel }) => lowestLevel,
    });
    this.#nodes.set(logger, node);
    return new LevelFollower<string | null>(node.dial, {
      read: () => logger.lowestLevel,
      write: (level) => void (logger.lowestLevel = level),
      wordFor: (levelno) => LEVELS.nameOf(levelno) ?? null,
    });
  }
}

function nameOf(root: string, category: readonly string[]): string {
  return [root, ...category].join(".");
}

/** What LogTape would write, as far as it is text. */
function messageOf(dial: Dial, { message, rawMessage }: LogtapeRecord): string {
  const values = message.filter((_, at) => at % 2 === 1);
  const names = placesIn(rawMessage);
  const nameOf = (at: number) => names.length === values.length ? names[at]! : String(at);
  const watched = dial.watched(Object.fromEntries(values.map((value, at) => [nameOf(at), value])));
  const textAt = (at: number) => valueText(watched, nameOf(at >> 1));
  return message.map((part, at) => at % 2 === 0 ? part : textAt(at)).join("");
}

/** The names between the braces of a message, by which redactions know their values. */
function placesIn(rawMessage: unknown): readonly string[] {
  if (typeof rawMessage !== "string") return [];
  return [...rawMessage.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)]
    .flatMap(([, name]) => name === undefined ? [] : [name.trim()]);
}

function valueText(values: Fields, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return isError(value) ? value.message : fieldText({ value }, "value") ?? "";
}
