/**
 * The namespaces of debug on the dial: `logdial set debug.express=DEBUG` turns them, on every
 * thread, also in the middle of a computation. The lines stay debug's.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { bridge } from "@logdial/logging/bridge/debug";
 * import debug from "npm:debug@4.4.3";
 *
 * const undo = bridge(debug);
 * const log = debug("express:router");
 * getLogger("debug.express").setLevel("DEBUG"); // as `logdial set debug.express=DEBUG` does
 * console.log(log.enabled); // true
 * undo();
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { DEBUG, INFO, NOTSET } from "../core/levels/levels.ts";
import { SIGNAL } from "../core/levels/signal.ts";
import { nodeText } from "../core/loggers/capture_console.ts";
import type { Dial } from "../core/loggers/dial.ts";
import { defaultManager } from "../core/loggers/manager.ts";
import { bridgeName } from "./bridge_name.ts";
import { dialFor } from "./dial_for.ts";
import { PartDials } from "./part_dials.ts";
import { Patch } from "./patch.ts";
import { readArguments, readOr, watchedArguments, watchedText } from "./read_arguments.ts";

const KIND = "debug";
/** Most namespaces that become loggers; those beyond keep to what the program has turned on. */
const MAX_NAMESPACES = 1000;
/** What separates a namespace from the one above it. */
const SIGNS = /[:.]/g;

/**
 * What a bridge needs to see of the module `debug`, version 4 from 4.3.2 on.
 *
 * @example
 * ```ts
 * import type { DebugModule } from "@logdial/logging/bridge/debug";
 * import debug from "npm:debug@4.4.3";
 *
 * const module: DebugModule = debug;
 * console.log(module.enabled("express")); // false
 * ```
 */
export interface DebugModule {
  /** Whether a namespace is on. */
  enabled(namespace: string): boolean;
  /** Turns namespaces on, all others off. */
  enable(namespaces: string): void;
}

/**
 * How {@linkcode bridge} is called.
 *
 * @example
 * ```ts
 * import { bridge, type DebugBridgeOptions } from "@logdial/logging/bridge/debug";
 * import debug from "npm:debug@4.4.3";
 *
 * const options: DebugBridgeOptions = { name: "app.debug" };
 * bridge(debug, options)();
 * ```
 */
export interface DebugBridgeOptions {
  /** Name of the logger in the tree that all namespaces are below. @default "debug" */
  readonly name?: string;
}

/** The module with what it has inside. */
interface Inner extends DebugModule {
  namespaces: unknown;
  coerce(value: unknown): unknown;
  /** What shows the arguments of calls, by the letters of their places. */
  readonly formatters: Readonly<Record<string, unknown>>;
  formatArgs(this: Debugger, args: unknown[]): void;
}

/** A debugger: the function that logs for a namespace. */
interface Debugger {
  readonly namespace: string;
  readonly enabled: boolean;
  log?: (...args: unknown[]) => unknown;
}

/** The signal again: V8 compiles a constant of the same module better than an imported one. */
const WORD = SIGNAL;

/** Set when a debugger asks whether its namespace is on. */
let hasAsked = false;

const bridged = new WeakSet<object>();

/**
 * Puts the module `debug` on the dial: namespace `express:router` is logger `debug.express.router`,
 * and what it writes is at DEBUG. All are off as long as no logger from `debug` on is at DEBUG, so
 * that the root's level shows none of them; those that `DEBUG` in the environment or `enable` turns
 * on are at DEBUG themselves. Beyond 1,000 namespaces, or where a logger is another library's, what
 * is on stays on, and the rest follows the logger above. A plain object at the end of a call is its
 * fields for `--where`. The function that is given back undoes that.
 *
 * @throws {ConfigError} It is bridged already, is of another version, or another library is under
 * that name.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/debug";
 * import debug from "npm:debug@4.4.3";
 *
 * const undo = bridge(debug);
 * debug("app:db")("shown after: logdial set debug.app.db=DEBUG");
 * undo();
 * ```
 */
export function bridge(module: DebugModule, options: DebugBridgeOptions = {}): () => void {
  const name = bridgeName(options, KIND);
  const inner = module as Inner;
  if (bridged.has(module)) {
    throw new ConfigError(`Cannot bridge debug as "${name}": this module is bridged already`);
  }
  const isKnown = typeof inner?.formatArgs === "function" && typeof inner.coerce === "function" &&
    Object.hasOwn(inner, "namespaces");
  if (!isKnown) {
    throw new ConfigError(
      `Cannot bridge debug as "${name}": it must be the module of version 4, 4.3.2 or newer`,
    );
  }
  const made = new DebugBridge(inner, name);
  bridged.add(module);
  return () => {
    if (bridged.delete(module)) made.undo();
  };
}

class DebugBridge {
  readonly #module: Inner;
  readonly #name: string;
  readonly #patch = new Patch();
  readonly #lead: Dial;
  readonly #dials = new Map<string, Dial>();
  readonly #parts = new PartDials(KIND, MAX_NAMESPACES);
  /** For namespaces that cannot be loggers, by the dial above them. */
  readonly #fixed = new Map<Dial, Map<number, Dial>>();
  /** Levels that the program has given namespaces by debug's own means. */
  readonly #levels = new Map<string, number>();
  readonly #isEnabled: (namespace: string) => boolean;
  /** What the program has turned on by debug's own means. */
  #namespaces: unknown;
  #written: unknown = undefined;
  /** Texts of the call that is being made which hold secrets, and those for watchers. */
  #hidden: (readonly [text: string, clean: string])[] = [];

  constructor(module: Inner, name: string) {
    this.#module = module;
    this.#name = name;
    this.#namespaces = module.namespaces;
    this.#isEnabled = module.enabled;
    this.#lead = dialFor(name, KIND);
    this.#lead.start(INFO);
    this.#replace();
  }

  undo(): void {
    this.#patch.undo();
    // The property is set again, since the program may have turned others on meanwhile.
    if (this.#module.namespaces !== this.#namespaces) this.#module.namespaces = this.#namespaces;
    for (const dial of [this.#lead, ...this.#dials.values()]) dial.close();
  }

  #replace(): void {
    const own = this, patch = this.#patch, { coerce, formatArgs, enable } = this.#module;
    // Debuggers keep the answer of `enabled` until `namespaces` has another value.
    patch.accessor<unknown>(this.#module, "namespaces", () => {
      hasAsked = true;
      return WORD[0];
    }, (value) => void (this.#namespaces = value));
    patch.value(this.#module, "enabled", (name: string) => !this.#dialOf(name).isOff(DEBUG));
    patch.value(this.#module, "enable", (namespaces: string) => {
      enable(namespaces);
      for (const [name, dial] of this.#dials) {
        const level = this.#ownLevel(name);
        if (level === this.#levels.get(name)) continue;
        this.#levels.set(name, level);
        dial.level = level;
      }
      // This makes namespaces that are no loggers ask again as well.
      defaultManager.touch();
    });
    patch.value(this.#module, "coerce", (value: unknown) => coerce(this.#written = value));
    patch.value(this.#module, "formatters", this.#guarded());
    patch.value(this.#module, "formatArgs", function (this: Debugger, args: unknown[]) {
      const isWritten = own.#pass(this, args);
      formatArgs.call(this, args);
      if (!isWritten) silenceOnce(this);
    });
  }

  /** The formatters, made so that none of them throws in a call that only watchers see. */
  #guarded(): Inner["formatters"] {
    const own = this;
    return new Proxy(this.#module.formatters, {
      get(all, letter) {
        const format: unknown = Reflect.get(all, letter);
        if (typeof format !== "function") return format;
        return function (this: Debugger, value: unknown) {
          try {
            const text: unknown = format.call(this, value);
            own.#hide(this, value, text, (clean) => String(format.call(this, clean)));
            return text;
          } catch (error) {
            const isOff = own.#dialOf(this.namespace).level > DEBUG && !own.#isOnByItself(this);
            if (isOff) return `%${String(letter)}`;
            throw error;
          }
        };
      },
    });
  }

  #dialOf(namespace: string): Dial {
    const known = this.#dials.get(namespace);
    if (known !== undefined) return known;
    // Namespaces above come first: turning them turns this one. A level that the program has given
    // one of them does not count for those below.
    const names = [...namespace.matchAll(SIGNS)].map(({ index }) => namespace.slice(0, index));
    const nearest = names.filter((name) => this.#addDial(name) !== undefined).at(-1);
    return this.#addDial(namespace) ?? this.#fixedDial(namespace, nearest);
  }

  #addDial(namespace: string): Dial | undefined {
    const known = this.#dials.get(namespace);
    if (known !== undefined) return known;
    const part = namespace.replaceAll(":", ".").replace(/^\.+|\.+$/g, "");
    const dial = part === "" ? undefined : this.#parts.make(`${this.#name}.${part}`);
    if (dial === undefined) return undefined;
    this.#dials.set(namespace, dial);
    const level = this.#ownLevel(namespace);
    this.#levels.set(namespace, level);
    dial.start(level);
    return dial;
  }

  /** The dial of a namespace that is no logger: it is turned with the one above, unless it is on. */
  #fixedDial(namespace: string, above: string | undefined): Dial {
    const dial = above === undefined ? this.#lead : this.#dials.get(above)!;
    const own = this.#ownLevel(namespace);
    const isAboveOn = above !== undefined && this.#levels.get(above) === DEBUG;
    const level = own === NOTSET && isAboveOn ? INFO : own;
    if (level === NOTSET) return dial;
    const fixed = this.#fixed.get(dial) ?? new Map<number, Dial>();
    this.#fixed.set(dial, fixed);
    if (!fixed.has(level)) fixed.set(level, dial.fixed(level));
    return fixed.get(level)!;
  }

  /** The level that the program has given a namespace by debug's own means. */
  #ownLevel(namespace: string): number {
    const isOn = this.#isEnabled(namespace), around = above(namespace);
    const isBelowOn = !isOn && around !== "" && this.#isEnabled(around);
    return isOn ? DEBUG : isBelowOn ? INFO : NOTSET;
  }

  /** Whether a call is to be written; it is shown to those who watch. */
  #pass(debug: Debugger, args: readonly unknown[]): boolean {
    const dial = this.#dialOf(debug.namespace);
    const { fields, error } = readArguments(args);
    const isAdmitted = dial.admits(DEBUG, this.#written, fields);
    if (dial.wants(DEBUG)) {
      const said = fields === undefined ? args : args.slice(0, -1);
      dial.passed(DEBUG, this.#textFor(dial, said, error), fields, error);
    } else dial.passed(DEBUG);
    this.#written = undefined;
    this.#hidden = [];
    return isAdmitted || this.#isOnByItself(debug);
  }

  /** Notes what the text of a value is for those who watch, if they may not see all of the value. */
  #hide(debug: Debugger, value: unknown, text: unknown, format: (clean: unknown) => string): void {
    const dial = this.#dialOf(debug.namespace);
    if (!dial.wants(DEBUG)) return;
    const [clean] = watchedArguments(dial, [value]);
    if (clean !== value) this.#hidden.push([String(text), readOr("", () => format(clean))]);
  }

  /** The text of a call for those who watch; debug has put the texts of values into the first one. */
  #textFor(
    dial: Dial,
    [first, ...rest]: readonly unknown[],
    error: Error | undefined,
  ): string {
    let text = first;
    for (const [hidden, clean] of this.#hidden) {
      if (typeof text === "string" && hidden !== "") text = text.replaceAll(hidden, () => clean);
    }
    return watchedText(dial, [text, ...rest], error, nodeText);
  }

  /** Whether the program has set `enabled` of a debugger, which then ignores the namespaces. */
  #isOnByItself(debug: Debugger): boolean {
    hasAsked = false;
    return debug.enabled && !hasAsked;
  }
}

/** The namespace that stands above one in the tree of loggers; empty if none does. */
function above(namespace: string): string {
  const last = [...namespace.matchAll(SIGNS)].at(-1);
  return namespace.slice(0, last?.index ?? 0);
}

/** Makes the present line go nowhere: debug looks up `log` only after it has read the arguments. */
function silenceOnce(debug: Debugger): void {
  const before = Object.getOwnPropertyDescriptor(debug, "log");
  debug.log = () => {
    if (before === undefined) delete debug.log;
    else Object.defineProperty(debug, "log", before);
  };
}
