import type { ConfigPreview, NamedScope } from "./prepared_config.ts";

/** A configuration that came from outside. */
export interface ChangeRequest {
  /** Its id, which is the same on all threads, so that it can be taken back. */
  readonly id: string;
  /** Place among the changes of the process: threads put them in this order. */
  readonly seq: number;
  /** INI or JSON. */
  readonly text: string;
  /** JSON of the text's `ParsedConfig`, if the hub has parsed it already. */
  readonly parsed?: string;
  /** Who sent it. */
  readonly by: string;
  /** ISO time of its sending. */
  readonly at: string;
  /** When it is to be taken back, in milliseconds since the epoch; undefined for never. */
  readonly expiresAt?: number;
  /** How many lines the process may log only thanks to it before it is taken back; undefined for any. */
  readonly lines?: number;
  /** Path of the watched file that it comes from: then the program begins with it. */
  readonly file?: string;
  /** Whether it is signed, or a program's own function has let it through. */
  readonly isTrusted?: boolean;
}

/** What untrusted changes may do; see `mayMakeHandler`. */
export interface OutsidePolicy {
  /** Whether all changes are trusted, since each had to be let in. */
  readonly isGuarded: boolean;
  /** Handler classes that untrusted changes may use as well. */
  readonly wireHandlers: readonly string[];
}

/** A change that is in force. */
export interface AppliedChange {
  /** Names of the loggers whose levels it sets, undefined for a whole configuration. */
  readonly turns: readonly string[] | undefined;
  /** Levels for some log calls only that it sets, by the name of the logger. */
  readonly scopes?: readonly NamedScope[];
}

/** A change that is built and checked, and not in force. */
export interface PreparedChange<Change> {
  /**
   * Puts it in force as `change`, by whose id it is known from then on.
   *
   * @throws {ConfigError} It means a handler or logger that does not exist any more.
   */
  commit(change: Change): AppliedChange;
  /** Throws it away. */
  abort(): void;
  /** Tells what it would make of the loggers. */
  preview(): ConfigPreview;
}

/** Why a change is over that nobody has taken back. */
export interface LossReason {
  /** What has ended the change, in a word. */
  readonly what: string;
  /** What has ended the change, as a sentence. */
  readonly detail: string;
}
