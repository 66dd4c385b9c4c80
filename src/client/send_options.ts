import {
  isBoolean,
  isFilledText,
  isText,
  isWholeNumber,
  type OptionRule,
  type OptionRules,
} from "../core/errors/check_options.ts";
import { quote } from "../core/errors/quote.ts";
import { MOST_LINES } from "../config/text/extension_words.ts";
import { parseDuration } from "../config/spec/duration.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { TARGET_RULES, type Targets } from "./targets.ts";

/** What a sender says of itself; listeners show it, with the address, and cut it at 100 characters. */
export interface SenderOptions extends Targets {
  /** Who sends it, as `kim@laptop`. @default unsaid */
  by?: string;
  /** Why, for `status`, `history` and the programs' logs. @default unsaid */
  reason?: string;
}

/** What {@linkcode SenderOptions} must be. */
export const SENDER_RULES: OptionRules<SenderOptions> = {
  ...TARGET_RULES,
  by: isFilledText,
  reason: isFilledText,
};

/** Options of `send`. */
export interface SendOptions extends SenderOptions {
  /** What the listeners call the configuration in `status` and `history`. */
  label?: string;
  /**
   * After how long the change is taken back, such as `10m`; the listener may cap it. @default never
   */
  for?: string;
  /**
   * After how many lines the change is taken back: those that a process logs only thanks to it; the
   * listener may cap it. @default none, but for what the listener caps
   */
  lines?: number;
  /** Whether to go beyond what the listener's policy would cap; false to ask for the cap. @default none */
  forever?: boolean;
  /** Whether all threads must take it, or none does. @default false */
  atomic?: boolean;
  /** Longest wait for threads that compute, in milliseconds. @default 0 */
  wait?: number;
}

/** What {@linkcode SendOptions} must be. */
export const SEND_RULES: OptionRules<SendOptions> = {
  ...SENDER_RULES,
  label: isText,
  for: isDuration,
  lines: isWholeNumber(1, MOST_LINES),
  forever: isBoolean,
  atomic: isBoolean,
  wait: isWholeNumber(0, 2 ** 31 - 1),
};

/** What a function can read; it says what else a value must be. */
export function isReadBy(read: (value: unknown) => unknown): OptionRule {
  return (value) => {
    try {
      read(value);
      return undefined;
    } catch (error) {
      return reasonOf(error).replace(/^.*it must be /s, "");
    }
  };
}

/** A duration in words. */
export function isDuration(value: unknown): string | undefined {
  if (typeof value !== "string") return "a text like 90s, 10m or 1h30m";
  return isReadBy(() => parseDuration(value))(value);
}

/**
 * Refuses what is no text of a configuration, such as a dict.
 *
 * @throws {TypeError} It is another thing.
 */
export function requireConfigText(what: string, text: unknown): void {
  if (typeof text === "string") return;
  throw new TypeError(
    `Cannot ${what} ${quote(text)}: give the text of a configuration, as of JSON.stringify(dict)`,
  );
}
