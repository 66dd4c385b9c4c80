/**
 * Puts winston's loggers on logdial's dial: their levels can be turned from outside, on every
 * thread, also in the middle of a computation. The lines stay winston's.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/winston";
 * import winston from "npm:winston@3.19.0";
 *
 * const log = winston.createLogger({ transports: [new winston.transports.Console()] });
 * bridge(log, { name: "api" }); // from here on: logdial set api=DEBUG
 * ```
 *
 * @module
 */
import "../core/runtime/require_deno.ts";
import { ABOVE_ALL } from "../core/levels/above_all.ts";
import { ConfigError } from "../core/errors/config_error.ts";
import { bridgeName } from "./bridge_name.ts";
import { dialFor } from "./dial_for.ts";
import { followLevel, tellPublicLevel } from "./public_level.ts";
import { WinstonBridge } from "./winston_bridge.ts";
import { type Inside, KIND, levelMap, OFF } from "./winston_inside.ts";

/**
 * A logger of winston, as far as its bridge goes.
 *
 * @example
 * ```ts
 * import type { WinstonLogger } from "@logdial/logging/bridge/winston";
 *
 * function isTurnable(logger: WinstonLogger) {
 *   return "debug" in logger.levels;
 * }
 * ```
 */
export interface WinstonLogger {
  /** Name of the lowest level that it lets pass. */
  level: string;
  /** Its levels with their ranks, the most severe with the lowest. */
  readonly levels: Readonly<Record<string, number>>;
}

/**
 * Where a logger of winston stands in the tree.
 *
 * @example
 * ```ts
 * import type { WinstonBridgeOptions } from "@logdial/logging/bridge/winston";
 *
 * const options: WinstonBridgeOptions = { name: "api" };
 * ```
 */
export interface WinstonBridgeOptions {
  /**
   * Name in the tree of loggers, by which it is turned.
   *
   * @default "winston"
   */
  readonly name?: string;
}

/**
 * Puts a logger on the dial, with its children, or the one that winston's module itself logs by;
 * returns a function that takes it off again, and leaves the logger as it was.
 *
 * In the tree it begins with the lowest level that comes out of it, which may be that of a transport.
 * Once it is turned, transports without a level of their own follow it. Of those that have one,
 * Console and File are opened when it is turned lower and nothing else would show it, as handlers
 * are; others are told as holding records back.
 *
 * @throws {ConfigError} It is no logger of winston 3 or bridged already, or another library is
 * under that name.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { bridge } from "@logdial/logging/bridge/winston";
 * import winston from "npm:winston@3.19.0";
 *
 * const log = winston.createLogger({ transports: [new winston.transports.Console()] });
 * const unbridge = bridge(log, { name: "jobs" });
 * log.info("turned by: logdial set jobs=DEBUG --for 10m");
 * unbridge();
 * ```
 */
export function bridge(
  logger: WinstonLogger | { child(fields: object): WinstonLogger },
  options: WinstonBridgeOptions = {},
): () => void {
  const name = bridgeName(options, KIND);
  const instance = instanceOf(logger);
  if (instance === undefined) {
    throw new ConfigError(`Cannot bridge winston as "${name}": this is no logger of winston 3`);
  }
  if (Object.getOwnPropertyDescriptor(instance, "write")?.configurable === false) {
    throw new ConfigError(
      `Cannot bridge winston as "${name}": this is a child, bridge the logger that it comes from`,
    );
  }
  if (BRIDGED.has(instance)) {
    throw new ConfigError(`Cannot bridge winston as "${name}": this logger is bridged already`);
  }
  const undo = isKnown(instance)
    ? new WinstonBridge(instance, name).undo
    : bridgeFromOutside(instance, name);
  BRIDGED.add(instance);
  return () => {
    if (BRIDGED.delete(instance)) undo();
  };
}

const BRIDGED = new WeakSet<object>();

/** The logger itself, or the one that a module logs by; undefined if it is neither. */
function instanceOf(given: unknown): Inside | undefined {
  const logger = given as Partial<Inside & { child(fields: object): unknown }> | null | undefined;
  const isModule = logger?.levels === undefined && typeof logger?.child === "function";
  const child: unknown = isModule ? logger.child!({}) : undefined;
  const instance = child ? Object.getPrototypeOf(child) as Partial<Inside> | null : logger;
  const isLogger = typeof instance?.level === "string" && typeof instance.levels === "object" &&
    instance.levels !== null && Object.keys(instance.levels).length > 0;
  return isLogger ? instance as Inside : undefined;
}

/** Whether a logger has all that is needed to ask the dial at each call. */
function isKnown(logger: Inside): boolean {
  const methods = ["write", "log", "add", "configure", "push", "_transform"] as const;
  const own = Object.getOwnPropertyDescriptor(logger, "level");
  return methods.every((key) => typeof logger[key] === "function") &&
    Object.isExtensible(logger) && own?.configurable !== false;
}

/** Tells a logger of new levels: all that can be done where its inside is not as it was known. */
function bridgeFromOutside(logger: WinstonLogger, name: string): () => void {
  tellPublicLevel(KIND, name);
  const levels = levelMap(logger.levels);
  const dial = dialFor(name, KIND);
  dial.start(levels.numberOf(logger.level) ?? ABOVE_ALL);
  return followLevel(dial, {
    read: () => logger.level,
    write: (level) => void (logger.level = level),
    wordFor: (levelno) => levels.nameOf(levelno) ?? OFF,
  });
}
