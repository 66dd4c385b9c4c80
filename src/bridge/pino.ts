/**
 * pino's levels on the dial: `logdial set`, with all that belongs to it, turns the loggers of a
 * program that logs with pino, on every thread, also in the middle of a computation. The lines stay
 * pino's. The other way round, {@linkcode asPino} gives one of our loggers pino's interface, and
 * {@linkcode pinoStream} takes pino's lines to our handlers.
 *
 * @example
 * ```ts
 * import { listen, stopListening } from "@logdial/logging";
 * import { bridge } from "@logdial/logging/bridge/pino";
 * import { pino } from "npm:pino@10.4.0";
 *
 * const log = pino({ level: "info" });
 * bridge(log, { name: "http" });
 * await listen();
 * log.debug("shown after: logdial set http=DEBUG");
 * stopListening();
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";
import { ABOVE_ALL } from "../core/levels/above_all.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { writeDiagnostic } from "../core/io/diagnostics.ts";
import { bridgeName } from "./bridge_name.ts";
import { dialFor } from "./dial_for.ts";
import { PinoBridge } from "./pino_bridge.ts";
import { findInside, type Inner, type PinoLogger, STATION } from "./pino_inside.ts";
import { pinoLevelMap } from "./pino_level_map.ts";
import { followLevel } from "./public_level.ts";

export type { PinoLogger };

// The way back: pino's interface on loggers of ours, and pino's lines for their handlers
export { asPino } from "./back/as_pino.ts";
export type { PinoChildOptions, PinoInterface } from "./back/pino_interface.ts";
export { type PinoStream, pinoStream, type PinoStreamOptions } from "./back/pino_stream.ts";

const KIND = "pino";

/**
 * How {@linkcode bridge} is called.
 *
 * @example
 * ```ts
 * import { bridge, type PinoBridgeOptions } from "@logdial/logging/bridge/pino";
 * import { pino } from "npm:pino@10.4.0";
 *
 * const options: PinoBridgeOptions = { name: "http" };
 * const undo = bridge(pino(), options);
 * undo();
 * ```
 */
export interface PinoBridgeOptions {
  /** Name of the logger in the tree that turns it. @default "pino" */
  readonly name?: string;
}

/**
 * Puts a logger of pino's on the dial, with its children: it is turned as logger `name` of the tree
 * from here on, which begins with its level. The function that is given back undoes that.
 *
 * `trace` is 5, `debug` DEBUG, and so on up to `fatal`, which is CRITICAL; of a program's own levels
 * those from 20 on are 10 less. `level`, `levelVal` and `isLevelEnabled` tell what is in force, and
 * what the program sets by `level` goes to the tree as well. A child that has `name`, `module` or
 * `component` bound is a logger of its own below, and so is one with a level of its own; those of
 * one name keep levels that differ, until somebody turns their logger.
 *
 * Bind methods and make children after that: what pino 9 has given a child, or a program has taken
 * from a logger before, is out of reach. A level that a stream or transport has stays in force.
 *
 * @throws {ConfigError} It is no logger of pino or bridged already, or another library is under that name.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { bridge } from "@logdial/logging/bridge/pino";
 * import { pino } from "npm:pino@10.4.0";
 *
 * const log = pino({ level: "info" });
 * const undo = bridge(log, { name: "http" });
 * getLogger("http").setLevel("DEBUG"); // as `logdial set http=DEBUG` does from outside
 * console.log(log.level); // debug
 * undo();
 * console.log(log.level); // info
 * ```
 */
export function bridge(logger: PinoLogger, options: PinoBridgeOptions = {}): () => void {
  const name = bridgeName(options, KIND);
  const instance = logger as Inner;
  if (typeof instance?.level !== "string" || typeof instance.levels?.values !== "object") {
    throw new ConfigError(`Cannot bridge pino as "${name}": this is no logger of pino`);
  }
  if (instance[STATION] !== undefined) {
    throw new ConfigError(`Cannot bridge pino as "${name}": this logger is bridged already`);
  }
  const inside = findInside(instance);
  if (inside === undefined) return bridgeFromOutside(instance, name);
  const made = new PinoBridge(instance, name, inside);
  return () => made.undo();
}

/** Sets the public level after each change: all that can be done where nothing is known. */
function bridgeFromOutside(instance: PinoLogger, name: string): () => void {
  writeDiagnostic(
    `logdial: cannot look into this version of pino: the level of "${name}" is set once its thread ` +
      "yields, and children, scopes, budgets, tail and the recorder do not know it\n",
  );
  const map = pinoLevelMap(instance.levels.values);
  const dial = dialFor(name, KIND);
  dial.start(map.numberOf(instance.level) ?? ABOVE_ALL);
  return followLevel(dial, {
    read: () => instance.level,
    write: (level) => void (instance.level = level),
    wordFor: (levelno) => map.nameOf(levelno) ?? "silent",
  });
}
