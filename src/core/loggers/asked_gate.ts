import { getRaiseExceptions, reportHandlerError, writeDiagnostic } from "../io/diagnostics.ts";
import { LogRecord } from "../records/log_record.ts";
import { thrownText } from "../values/thrown.ts";
import { enterCall, leaveCall } from "./log_call.ts";
import { type HandedOptions, HANDLED, type LevelScope, WATCHED } from "./scope.ts";
import type { CallGate } from "./scope_gate.ts";

/** The part of a logger that an {@linkcode AskedGate} needs. */
export interface AskedLogger {
  readonly name: string;
  /** Says of each call whether it is handled. */
  isEnabledFor(level: number): boolean;
}

/**
 * The gate of a logger whose class has an `isEnabledFor` of its own: that decides on each call, as
 * in Python. Its no keeps a call from the handlers, not from those who watch beside them.
 */
export class AskedGate implements CallGate {
  /** All calls come here. */
  readonly from: number = -Infinity;
  readonly below: number = Infinity;
  readonly opensFrom: number;
  readonly #logger: AskedLogger;
  readonly #inner: CallGate;
  readonly #own: number;
  readonly #watchedFrom: number;
  /** The scope that lets the present call pass; undefined for none. */
  #scope: LevelScope | undefined = undefined;

  /** Takes the gate of the scopes, the lowest level of the logger itself, and that of watchers. */
  constructor(logger: AskedLogger, inner: CallGate, own: number, watchedFrom: number) {
    this.opensFrom = inner.opensFrom;
    this.#logger = logger;
    this.#inner = inner;
    this.#own = own;
    this.#watchedFrom = watchedFrom;
  }

  /** What lets a call pass: a scope, {@linkcode HANDLED} or {@linkcode WATCHED}. */
  find(
    level: number,
    msg: unknown,
    args: readonly unknown[],
    options?: HandedOptions,
  ): LevelScope | undefined {
    const isScoped = level < this.#inner.below;
    const scope = isScoped ? this.#inner.find(level, msg, args, options) : undefined;
    if (this.#isEnabled(level, msg, args, scope)) return scope ?? HANDLED;
    return level >= this.#watchedFrom ? WATCHED : undefined;
  }

  /** What the `isEnabledFor` of `Logger` says, which the one of the class may ask. */
  mayPass(level: number): boolean {
    return level >= this.#own || this.#scope !== undefined || this.#inner.mayPass(level);
  }

  #isEnabled(
    level: number,
    msg: unknown,
    args: readonly unknown[],
    scope: LevelScope | undefined,
  ): boolean {
    // The `isEnabledFor` of the class may log as well, and so without end.
    if (!enterCall()) return false;
    const outer = this.#scope;
    this.#scope = scope;
    try {
      return Boolean(this.#logger.isEnabledFor(level));
    } catch (error) {
      // Differs from CPython: an error in it does not reach the caller.
      reportHandlerError(new LogRecord(this.#logger.name, level, "", 0, msg, args), error);
      return false;
    } finally {
      this.#scope = outer;
      leaveCall();
    }
  }
}

/** Loggers whose `getEffectiveLevel` is running: it may change levels, which would call it again. */
const asking = new Set<object>();

/**
 * What the `getEffectiveLevel` of a logger's class says; `otherwise` if it gives no level, or is
 * that of `Logger` itself.
 */
export function askLevel(
  logger: { readonly name: string; getEffectiveLevel(): unknown },
  plain: () => unknown,
  otherwise: number,
): number {
  if (logger.getEffectiveLevel === plain || asking.has(logger)) return otherwise;
  asking.add(logger);
  try {
    const level = logger.getEffectiveLevel();
    return typeof level === "number" && !Number.isNaN(level) ? level : otherwise;
  } catch (error) {
    // Differs from CPython: an error in it does not reach the caller.
    if (getRaiseExceptions()) {
      const told = `logdial: cannot ask logger "${logger.name}" for its level: `;
      writeDiagnostic(`${told}${thrownText(error)}\n`);
    }
    return otherwise;
  } finally {
    asking.delete(logger);
  }
}
