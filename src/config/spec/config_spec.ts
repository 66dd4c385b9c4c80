import type { ConfigErrorOptions } from "../../core/errors/config_error.ts";
import type { ScopeTest } from "../../core/loggers/scope.ts";
import type { OpenSetting } from "./open_setting.ts";
import type { UnknownClass } from "./unknown_class.ts";
import type { RecordingSpec } from "./recording_spec.ts";

/** Section of a `.conf`, and key of a dict, that is ours and that CPython passes over. */
export const EXTENSIONS = "logdial";

/** Tells where in the source something stands, for errors; `key` narrows it down. */
export type Place = (key?: string) => ConfigErrorOptions;

/** A configuration as read from INI or a dict, before anything of it is built. */
export type ConfigSpec = FullSpec | IncrementalSpec;

/** A configuration that replaces the one before. */
export interface FullSpec {
  readonly incremental: false;
  /** What it was read from; some names and defaults differ. */
  readonly source: "ini" | "dict";
  /** Whether loggers that it does not mention are disabled. */
  readonly disableExistingLoggers: boolean;
  /** Whether it says so itself, and not only Python's default. */
  readonly saysWhatIsDisabled?: boolean;
  readonly formatters: readonly ObjectSpec[];
  readonly filters: readonly ObjectSpec[];
  readonly handlers: readonly HandlerSpec[];
  readonly loggers: readonly LoggerSpec[];
  /** Undefined when the root stays as it is. */
  readonly root: LoggerSpec | undefined;
  /** Names of loggers that are disabled though it mentions them; an extension of ours. */
  readonly disabled: readonly string[];
  /** What the program has in place of classes that are not registered. */
  readonly unknownClass?: UnknownClass;
  /** What is kept in memory from then on; undefined to leave it; an extension of ours. */
  readonly recording: RecordingSpec | undefined;
}

/** A configuration that changes levels and propagation only. */
export interface IncrementalSpec {
  readonly incremental: true;
  readonly handlers: readonly LevelSpec[];
  readonly loggers: readonly (LevelSpec & { readonly propagate: boolean | undefined })[];
  readonly root: LevelSpec | undefined;
  /** Which handlers it opens; undefined where the sender knows nothing of that, as CPython's. */
  readonly open: OpenSetting | undefined;
  /** For which log calls it is; undefined for all; an extension of ours. */
  readonly scope?: ScopeTest;
  /** What is kept in memory beside what is already; undefined to leave it; an extension of ours. */
  readonly recording: RecordingSpec | undefined;
  /** Levels of the loggers that fit a pattern; of several that fit, the first counts. */
  readonly patterns?: readonly LevelPattern[];
}

/** A level for loggers by their names. */
export interface LevelPattern {
  /** `*` stands for any text, `?` for any one character. */
  readonly pattern: string;
  readonly level: number;
}

/** A new level. */
export interface LevelSpec {
  readonly name: string;
  /** Undefined to leave the level. */
  readonly level: unknown;
  readonly place: Place;
}

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

/** Finds what a dotted name in a literal stands for; undefined if nothing is registered by it. */
export type ResolveName = (name: string) => { value: unknown } | undefined;

/** Python's positional and keyword arguments; a {@linkcode PartReference} may be among them. */
export interface BoundArguments {
  readonly args: readonly unknown[];
  readonly kwargs: ReadonlyMap<unknown, unknown>;
  /** Options of ours that only some classes take; others pass over them, as CPython does. */
  readonly words?: ReadonlyMap<string, unknown>;
}

/** The names of such options that formatters have. */
export const FORMATTER_WORDS: readonly string[] = [
  "preset",
  "head",
  "depth",
  "size",
  "source",
  "colors",
];

/** A handler to be made. */
export interface HandlerSpec extends ObjectSpec, LevelSpec {
  /** Name of its formatter, undefined for none. */
  readonly formatter: unknown;
  /** Names of its filters, or filters. */
  readonly filters: readonly unknown[];
  /** Reads the name of the handler that it hands its records to, if its class takes one. */
  readonly readTarget: () => unknown;
  /** The names of the handlers that the listener of its queue gives the records to, of a dict. */
  readonly readHandlers: () => unknown;
}

/** What changes in a logger. */
export interface LoggerSpec extends LevelSpec {
  /** Names of its handlers. */
  readonly handlers: readonly unknown[];
  /** Names of its filters, or filters. */
  readonly filters: readonly unknown[];
  /** Undefined to leave it. */
  readonly propagate: boolean | undefined;
}

/** The kinds of things that a configuration makes. */
export type PartKind = "formatter" | "filter" | "handler";

/** Stands for something that the configuration makes, where a dict refers to it by `cfg://`. */
export class PartReference {
  readonly kind: PartKind;
  readonly name: string;

  constructor(kind: PartKind, name: string) {
    this.kind = kind;
    this.name = name;
  }
}
