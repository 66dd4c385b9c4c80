import { fields, list, oneOf, optional, type Read, text } from "./shape.ts";
import { MAX_ERROR, MAX_NAME } from "./told_texts.ts";

/** Handlers that let a logger's records through though their own level is higher. */
export interface Opened {
  /** Name of the logger. */
  readonly logger: string;
  /** Name of the lowest level that is let through. */
  readonly from: string;
  /** The handlers, by name or by what they are. */
  readonly handlers: readonly string[];
  /** For which log calls, for people; undefined for all. */
  readonly for?: string;
}

/** A logger whose level has been turned, and of which nothing can come out. */
export interface Silent {
  /** Name of the logger. */
  readonly logger: string;
  /** Why, for people. */
  readonly reason: string;
  /** The logger's level, which it does not show; only if higher levels come out. */
  readonly level?: string;
  /** For which log calls, for people; undefined for all. */
  readonly for?: string;
}

/** A logger that did not exist before a change named it. */
export interface UnknownLogger {
  /** Its name. */
  readonly logger: string;
  /** The logger that may have been meant. */
  readonly similar?: string;
  /** Whether it is only to be recorded, so that no logger has been made. */
  readonly recorded?: boolean;
}

/** Reads an {@linkcode Opened}. */
export const readOpened: Read<Opened> = fields<Opened>({
  logger: text(MAX_NAME),
  from: text(MAX_NAME),
  handlers: list(text(MAX_NAME)),
  for: optional(text(MAX_NAME)),
});

/** Reads a {@linkcode Silent}. */
export const readSilent: Read<Silent> = fields<Silent>({
  logger: text(MAX_NAME),
  reason: text(MAX_ERROR),
  level: optional(text(MAX_NAME)),
  for: optional(text(MAX_NAME)),
});

/** Reads an {@linkcode UnknownLogger}. */
export const readUnknown: Read<UnknownLogger> = fields<UnknownLogger>({
  logger: text(MAX_NAME),
  similar: optional(text(MAX_NAME)),
  recorded: optional(oneOf(true, false)),
});
