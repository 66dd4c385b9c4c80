/** Levels that every library has, by our names. */
export type CommonLevel = "DEBUG" | "INFO" | "ERROR";

/** A logger of a library, with its own words hidden, so that one suite holds for all. */
export interface Instance {
  /** Calls the library's log method; what the library has no place for, it gets in the text. */
  log(level: CommonLevel, msg: string, fields?: Readonly<Record<string, unknown>>): void;
  /** What the library's own `isLevelEnabled` or the like says; undefined where there is none. */
  isEnabled?(level: CommonLevel): boolean;
  /** The library's word for its level, or undefined where there is none. */
  readonly level?: string;
  /** Sets the level by the library's own means, where it has any. */
  setLevel?(level: CommonLevel): void;
  /** A child with fields bound, where the library has any. */
  child?(fields: Readonly<Record<string, unknown>>): Instance;
  /** A child with a level of its own, where the library has any. */
  childAt?(level: CommonLevel): Instance;
}

/** A library's logger at INFO that writes to an array, not yet bridged. */
export interface Made extends Instance {
  /** What it has written, the text of each line. */
  readonly lines: string[];
  /** Bridges it under a name of the tree; gives what undoes it. */
  bridge(name: string): () => void;
  /** Objects of the library that a bridge may change: they must be as before when it is undone. */
  readonly touched: readonly object[];
  /** Takes away what only this version has inside; then the bridge sets the public level. */
  breakInside?(): void;
}

/** How the suite gets at one version of one library. */
export interface Adapter {
  /** Name of the library, as people are told. */
  readonly kind: string;
  /** Name and version, for the names of tests. */
  readonly title: string;
  /** The levels that the library has, if not all. */
  readonly only?: readonly CommonLevel[];
  /** Whether it begins with all on. */
  readonly isLoud?: boolean;
  /** The library's word for DEBUG, INFO and ERROR, as its `level` says it. */
  readonly levels?: Readonly<Record<CommonLevel, string>>;
  /** The logger in the tree that a bridge named so turns. @default the name itself */
  loggerName?(name: string): string;
  /** The logger in the tree that a child with a level of its own is; undefined if there is none. */
  childLogger?(name: string, level: CommonLevel): string;
  /** Where lines of a logger bridged so are said to come out. @default the library */
  outlets?(name: string): readonly string[];
  make(): Made;
}
