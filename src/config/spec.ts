import type { ConfigErrorOptions } from "../core/errors.ts";

/** Tells where in the source something stands, for errors; `key` narrows it down. */
export type Place = (key?: string) => ConfigErrorOptions;

/** A configuration as read from INI or a dict, before anything of it is built. */
export interface ConfigSpec {
  /** What it was read from; some names and defaults differ. */
  readonly source: "ini" | "dict";
  /** Whether only levels and propagation change. */
  readonly incremental: boolean;
  /** Whether loggers that it does not mention are disabled. */
  readonly disableExistingLoggers: boolean;
  readonly formatters: readonly ObjectSpec[];
  readonly filters: readonly ObjectSpec[];
  readonly handlers: readonly HandlerSpec[];
  readonly loggers: readonly LoggerSpec[];
  /** Undefined when the root stays as it is. */
  readonly root: LoggerSpec | undefined;
  /** Turns `ext://` and `cfg://` strings into what they stand for. */
  readonly convert: Convert;
}

/** Converts a value from a dict, given the handlers built so far by name. */
export type Convert = (value: unknown, handlers: ReadonlyMap<string, unknown>) => unknown;

/** Something to be made from a class or a factory. */
export interface ObjectSpec {
  readonly name: string;
  /** Class name, undefined for the kind's own class. */
  readonly className: unknown;
  /** `()`: a registered name or, from the program itself, a function. */
  readonly factory: unknown;
  /** Reads `args` and `kwargs`; late, since names in them are the thread's own. */
  readonly readArguments: (resolveName: ResolveName) => BoundArguments;
  /** `.`: attributes to set on what was made. */
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly place: Place;
}

/** Finds what a dotted name in a literal stands for. */
export type ResolveName = (name: string) => { value: unknown } | undefined;

/** Python's positional and keyword arguments. */
export interface BoundArguments {
  readonly args: readonly unknown[];
  readonly kwargs: ReadonlyMap<string, unknown>;
}

/** A handler to be made. */
export interface HandlerSpec extends ObjectSpec {
  /** Undefined for none. */
  readonly level: unknown;
  /** Name of its formatter. */
  readonly formatter: unknown;
  /** Names of its filters, or filters. */
  readonly filters: readonly unknown[];
  /** Name of the handler that it hands its records to. */
  readonly target: unknown;
}

/** What changes in a logger. */
export interface LoggerSpec {
  readonly name: string;
  /** Undefined to leave the level. */
  readonly level: unknown;
  readonly handlers: readonly unknown[];
  readonly filters: readonly unknown[];
  /** Undefined to leave it. */
  readonly propagate: boolean | undefined;
  readonly place: Place;
}
