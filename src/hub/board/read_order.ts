import { type Command, readFrameText, type TailRequest } from "../../wire/command.ts";
import { overrideTime } from "./override_policy.ts";

/** Longest text that goes to the thread in parsed form too, which is about twice as long. */
const MAX_PARSED = 65_536;

/** What a frame's text asks for, as it goes on the board. */
export interface FrameOrder {
  readonly order: Command;
  /** Who sent it. */
  readonly by: string;
  /** When it is to be taken back, in milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** What was read from the text of a change, in JSON. */
  readonly parsed?: string;
  /** How long the sender wants to wait for the thread, in milliseconds. */
  readonly wait: number;
}

/**
 * Reads the text of a frame that `by` has sent.
 *
 * @throws {ConfigError} It is neither a configuration nor a command.
 */
export function readOrder(
  text: string,
  by: string,
  maxOverride: number,
): FrameOrder | TailRequest {
  const { command, extensions, parsed } = readFrameText(text);
  if (command.kind === "tail") return command;
  const { label, wait = 0 } = extensions;
  const time = "text" in command ? overrideTime(command.text, extensions, maxOverride) : undefined;
  return {
    order: command,
    by: label === undefined ? by : `${label} (${by})`,
    expiresAt: time === undefined ? undefined : Date.now() + time,
    parsed: text.length > MAX_PARSED ? undefined : parsed,
    wait,
  };
}
