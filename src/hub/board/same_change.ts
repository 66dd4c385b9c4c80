import { isSameConfig } from "../../config/text/same_config.ts";
import type { LogEntry } from "./orders.ts";
import { toBase64 } from "./payload_text.ts";
import { addressOf } from "./sender_address.ts";

/** A change as its sender has said it to one thread, and whether that thread could trust it. */
export type SaidChange = Omit<LogEntry, "id" | "seq" | "parsed">;

/**
 * Whether what two frames of one id say is one change: the same configuration from the same
 * sender. The id alone does not tell, since a probe shows it to everybody.
 */
export function isSameChange(one: SaidChange, other: SaidChange): boolean {
  return isSameSender(one, other) && one.label === other.label && one.user === other.user &&
    one.reason === other.reason &&
    (isSameConfig(one.text, other.text) || rawOf(one) === rawOf(other));
}

/** Whether two frames come from one host; the port is another one with every connection. */
export function isSameSender(
  one: { readonly by: string },
  other: { readonly by: string },
): boolean {
  return addressOf(one.by) === addressOf(other.by);
}

/**
 * A change that has come by two frames: with the keys of both and the later end. If only one of
 * them is trusted, what it says counts: nobody knows who sent the other.
 */
export function joinChanges<Change extends SaidChange>(known: Change, said: SaidChange): Change {
  if (known.isTrusted && !said.isTrusted) return known;
  if (said.isTrusted && !known.isTrusted) return { ...known, ...said };
  const { expiresAt } = known;
  const isLater = expiresAt !== undefined && expiresAt < (said.expiresAt ?? Infinity);
  return {
    ...known,
    keys: [...new Set([...known.keys, ...said.keys])],
    expiresAt: isLater ? said.expiresAt : expiresAt,
  };
}

/** The bytes that were sent, in base64; the program's `verify` may have read another text in them. */
function rawOf({ text, payload }: SaidChange): string {
  return payload ?? toBase64(new TextEncoder().encode(text));
}
