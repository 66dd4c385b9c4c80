import type { FilterLike } from "../../core/filters/filter.ts";
import type { FILTER_NAME, FORMATTER_NAMES, OUR_FILTERS } from "../build/builtin_names.ts";
import type {
  HandlerArguments,
  LevelValue,
  OwnClass,
  Reference,
  Truth,
} from "./handler_arguments.ts";

/** Keys that every handler has. */
interface CommonHandlerKeys {
  readonly level?: LevelValue;
  readonly formatter?: string | null;
  readonly filters?: Filters;
}

type Filters = readonly (string | FilterLike)[] | Reference | null;

/** Attributes that are set on what was made. */
interface Attributes {
  readonly "."?: object;
}

/** Something that a function or a class makes, by whatever arguments it takes. */
interface Factory {
  readonly "()": OwnClass | keyof HandlerArguments | FormatterName | FilterName;
  readonly class?: undefined;
  readonly [argument: string]: unknown;
}

type FormatterName = typeof FORMATTER_NAMES[number];
type FilterName = typeof FILTER_NAME | keyof typeof OUR_FILTERS;

/** A handler of a built-in class, with the arguments of that. */
type BuiltinHandler = {
  [Name in keyof HandlerArguments]:
    & { readonly class: Name; readonly "()"?: undefined }
    & CommonHandlerKeys
    & Attributes
    & HandlerArguments[Name];
}[keyof HandlerArguments];

/** A handler of a class that the program has registered, which may take anything. */
interface OwnHandler extends CommonHandlerKeys {
  readonly class: OwnClass;
  readonly "()"?: undefined;
  readonly [argument: string]: unknown;
}

/** Where a configuration is incremental, handlers have levels only. */
interface HandlerLevel {
  readonly level: LevelValue;
  readonly class?: undefined;
  readonly "()"?: undefined;
}

/**
 * What makes a handler.
 *
 * @internal
 */
export type HandlerConfig =
  | BuiltinHandler
  | OwnHandler
  | HandlerLevel
  | (Factory & CommonHandlerKeys);

/**
 * What makes a formatter.
 *
 * @internal
 */
export type FormatterConfig = FormatterKeys | Factory;

/**
 * Keys of a formatter without a factory.
 *
 * @internal
 */
export interface FormatterKeys {
  readonly class?: FormatterName | OwnClass;
  readonly format?: string | null;
  readonly datefmt?: string | null;
  readonly style?: "%" | "{" | "$" | Reference;
  readonly validate?: Truth | Reference;
  readonly defaults?: object | Reference | null;
  readonly escape?: Truth | Reference;
  readonly preset?: "pino" | "ecs" | "gcp" | "otel";
  readonly head?: string | { readonly [name: string]: string };
  readonly depth?: number;
  readonly size?: number;
  readonly source?: boolean;
  readonly colors?: boolean;
  readonly "()"?: undefined;
}

/**
 * What makes a filter.
 *
 * @internal
 */
export type FilterConfig = FilterKeys | FilterClass | Factory;

/** A filter of a class, with its options. */
interface FilterClass {
  readonly class: FilterName | OwnClass;
  readonly "()"?: undefined;
  readonly [option: string]: unknown;
}

/**
 * Keys of a filter without a factory.
 *
 * @internal
 */
export interface FilterKeys {
  readonly name?: string;
  readonly class?: undefined;
  readonly "()"?: undefined;
}

/**
 * What is said of a logger.
 *
 * @internal
 */
export interface LoggerConfig {
  readonly level?: LevelValue;
  readonly handlers?: readonly string[] | Reference | null;
  readonly filters?: Filters;
  readonly propagate?: Truth | Reference | null;
}

/**
 * A configuration in Python's dict schema, version 1: editors complete its keys, the names of
 * levels and of built-in classes with their arguments, and `deno check` refuses what is misspelt.
 *
 * Classes that a program has registered take any arguments, those of formatters where they are named
 * by `()`: by `class` these get what `Formatter` takes, as in Python. One that is registered with a
 * name in `logging.` or `logdial.`, or without a dot, is given `as string`, and a level of the
 * program's own by its number.
 *
 * @example
 * ```ts
 * import { dictConfig, type DictConfig } from "@logdial/logging";
 *
 * const config: DictConfig = {
 *   version: 1,
 *   formatters: { line: { format: "%(asctime)s %(message)s" } },
 *   handlers: { console: { class: "logging.StreamHandler", formatter: "line" } },
 *   root: { level: "INFO", handlers: ["console"] },
 * };
 * dictConfig(config);
 * ```
 */
export interface DictConfig {
  /** The schema's version; there is no other. */
  readonly version: 1;
  /** How lines look, by names that handlers use. */
  readonly formatters?: { readonly [name: string]: FormatterConfig };
  /** Which records pass, by names that handlers and loggers use. */
  readonly filters?: { readonly [name: string]: FilterConfig };
  /** Where lines go, by names that loggers use. */
  readonly handlers?: { readonly [name: string]: HandlerConfig };
  /** Loggers by their dotted names. */
  readonly loggers?: { readonly [name: string]: LoggerConfig };
  /** The logger above all others. */
  readonly root?: LoggerConfig;
  /** Whether it changes levels and propagation only. @default false */
  readonly incremental?: Truth;
  /** Whether loggers that it does not mention are disabled. @default true */
  readonly disable_existing_loggers?: Truth;
  /** What it says to logdial only. */
  readonly logdial?: object;
  /** Where editors look up what JSON files may say. */
  readonly $schema?: string;
}
