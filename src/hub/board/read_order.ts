import { type Aim, type Command, type LinesRequest, readFrameText } from "../../wire/command.ts";
import type { Extensions } from "../../config/text/extensions.ts";
import type { Sender } from "../../wire/message.ts";
import { type OverrideEnd, overrideEnd, type OverrideLimits } from "./override_policy.ts";

/** Longest that a sender may have the hub wait for a thread, in milliseconds. */
const MAX_WAIT = 600_000;

/** What a frame's text asks for. */
export interface FrameOrder {
  readonly command: Command;
  /** The id of a change, if its sender gives one. */
  readonly id?: string;
  readonly sender: Sender;
  /** When a change is to be taken back, in milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** `maxOverride` of the thread, where that is earlier than the sender wants it. */
  readonly cappedAt?: number;
  /** How many lines the process may log only thanks to a change. */
  readonly lines?: number;
  /** What was read from the text of a change, in JSON. */
  readonly parsed?: string;
  /** How long the sender wants to wait for the thread, in milliseconds, as far as it may. */
  readonly wait: number;
}

/** A frame, read. */
export interface ReadFrame {
  readonly order: FrameOrder | LinesRequest;
  /** Whom it is for, if not for all. */
  readonly to: Aim | undefined;
}

/**
 * Reads the text of a frame that has come from an address.
 *
 * @throws {ConfigError} It is neither a configuration nor a command.
 */
export function readOrder(text: string, address: string, limits: OverrideLimits): ReadFrame {
  const { command, extensions, parsed } = readFrameText(text);
  const { wait = 0, id, to } = extensions;
  if (command.kind === "tail" || command.kind === "dump") return { order: command, to };
  const { time, lines }: OverrideEnd = "text" in command
    ? overrideEnd(command.text, extensions, limits)
    : {};
  const isCapped = time !== undefined && time < (extensions.expires ?? Infinity);
  const order = {
    command,
    id,
    sender: senderOf(extensions, address),
    expiresAt: time === undefined ? undefined : Date.now() + time,
    cappedAt: isCapped ? limits.maxOverride : undefined,
    lines,
    parsed,
    // Capped here, before anything is held or kept ready for so long.
    wait: Math.min(wait, MAX_WAIT),
  };
  return { order, to };
}

/** Who sent a frame, as the frame says itself, with its address behind it. */
function senderOf({ label, by: user, reason, id }: Extensions, address: string): Sender {
  // What tells of it says "by" itself.
  const text = [label, user].filter((part) => part !== undefined).join(" by ");
  return { by: text === "" ? address : `${text} (${address})`, label, user, reason, id };
}
