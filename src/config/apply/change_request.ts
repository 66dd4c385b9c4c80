import type { ConfigPreview, NamedScope } from "./prepared_config.ts";

/** A configuration that came from outside. */
export interface ChangeRequest {
  /** What it is known by on all threads, so that it can be taken back. */
  readonly id: string;
  /** Place among the changes of the process: threads put them in this order. */
  readonly seq: number;
  /** INI or JSON. */
  readonly text: string;
  /** JSON of the `ParsedConfig` of the text, if someone has read it already. */
  readonly parsed?: string;
  /** Who sent it. */
  readonly by: string;
  /** ISO time of its sending. */
  readonly at: string;
  /** When it is to be taken back, in milliseconds since the epoch; undefined for never. */
  readonly expiresAt?: number;
  /** How many lines the process may log only thanks to it before it is taken back; undefined for any. */
  readonly lines?: number;
  /** Path of the watched file that says it: then it is what the program begins with. */
  readonly file?: string;
  /** Whether it is signed, or a program's own function has let it through. */
  readonly isTrusted?: boolean;
}

/** What changes may do that are not trusted; see `mayMakeHandler`. */
export interface OutsidePolicy {
  /** Whether all are trusted, since each had to be let in. */
  readonly isGuarded: boolean;
  /** Handler classes that others may use too. */
  readonly wireHandlers: readonly string[];
}

/** A change that is in force. */
export interface AppliedChange {
  /** Names of the loggers whose levels it sets, undefined for a whole configuration. */
  readonly turns: readonly string[] | undefined;
  /** What it shows of some log calls only, by the name of the logger. */
  readonly scopes?: readonly NamedScope[];
}

/** A change that is built and checked, and not in force. */
export interface PreparedChange<Change> {
  /**
   * Puts it in force, as what it is known by from then on.
   *
   * @throws {ConfigError} It means a handler or logger that there is no more.
   */
  commit(change: Change): AppliedChange;
  /** Throws it away. */
  abort(): void;
  /** Tells what it would make of the loggers. */
  preview(): ConfigPreview;
}

/** Why a change is over that nobody has taken back. */
export interface LossReason {
  /** What has been done, in a word. */
  readonly what: string;
  /** The same as a sentence. */
  readonly detail: string;
}
