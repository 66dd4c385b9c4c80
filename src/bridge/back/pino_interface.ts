import type { PinoSerializers } from "./pino_call.ts";

/**
 * A log method in pino's manner: an object or an error may stand before the message.
 *
 * @internal
 */
export type PinoMethod = (first: unknown, ...rest: unknown[]) => void;

/**
 * What a child of a {@linkcode PinoInterface} may have of its own; other options of pino's are passed
 * over, but for `customLevels`, which are refused.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { asPino, type PinoChildOptions } from "@logdial/logging/bridge/pino";
 *
 * const options: PinoChildOptions = { level: "warn", redact: ["user.password"] };
 * asPino(getLogger("app")).child({ requestId: "a1" }, options).warn("slow");
 * ```
 */
export interface PinoChildOptions {
  /** A level that counts for the child and its children whatever the logger's is. */
  readonly level?: string;
  /** What shows the values of fields, by name, beside the serializers around. */
  readonly serializers?: PinoSerializers;
  /** Paths of what is taken out of fields and errors, at any depth. */
  readonly redact?: readonly string[] | {
    readonly paths: readonly string[];
    readonly censor?: unknown;
    readonly remove?: boolean;
  };
  /** What stands before each message. */
  readonly msgPrefix?: string;
  /** Changes the fields that are bound, and those of each call. */
  readonly formatters?: {
    readonly bindings?: (bindings: Record<string, unknown>) => object;
    readonly log?: (fields: Record<string, unknown>) => object;
  };
  /** Refused: a level of your own is made by `addLevelName`. */
  readonly customLevels?: unknown;
}

/**
 * A logger with pino's interface.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { asPino, type PinoInterface } from "@logdial/logging/bridge/pino";
 *
 * const log: PinoInterface = asPino(getLogger("app"));
 * log.child({ requestId: "a1" }).info({ ms: 12 }, "GET %s", "/cart");
 * ```
 */
export interface PinoInterface {
  /**
   * Name of the lowest of pino's levels that is logged. Setting it sets the logger's level, or
   * that of a child alone.
   */
  level: string;
  /** Number of {@linkcode PinoInterface.level} in pino's counting. */
  readonly levelVal: number;
  /** pino's levels: names by number, numbers by name. */
  readonly levels: {
    readonly labels: Readonly<Record<number, string>>;
    readonly values: Readonly<Record<string, number>>;
  };
  /** What stands before each message. */
  readonly msgPrefix: string | undefined;
  /** Logs at level 5. */
  readonly trace: PinoMethod;
  /** Logs at DEBUG. */
  readonly debug: PinoMethod;
  /** Logs at INFO. */
  readonly info: PinoMethod;
  /** Logs at WARNING. */
  readonly warn: PinoMethod;
  /** Logs at ERROR. */
  readonly error: PinoMethod;
  /** Logs at CRITICAL. */
  readonly fatal: PinoMethod;
  /** Logs nothing. */
  readonly silent: PinoMethod;
  /** A logger whose records all have these fields. */
  child(bindings: object, options?: PinoChildOptions): PinoInterface;
  /** The fields that are bound. */
  bindings(): Record<string, unknown>;
  /** Binds more fields, to this logger itself. */
  setBindings(bindings: object): void;
  /** Whether a call at that level would be logged. */
  isLevelEnabled(level: string): boolean;
  /** Has the handlers write what they hold back, and calls back when that is done. */
  flush(callback?: (error?: Error) => void): void;
}
