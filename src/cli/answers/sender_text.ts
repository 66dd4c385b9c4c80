import { addressOf } from "../../hub/board/sender_address.ts";
import type { LastChange, Sender } from "../../wire/message.ts";
import { clock } from "../printing/clock.ts";

/** A change with its sender and reason, such as `set root=DEBUG by kim@laptop, because "outage"`. */
export function senderText({ by, label, user, reason }: Sender, when = ""): string {
  // The program and the hub have no address, and listeners before 0.2 tell nothing else.
  const isPlain = label === undefined && user === undefined;
  const text = isPlain
    ? by.replace(/(:\d+)(\)?)$/, "$2")
    : `${label ?? "a change"} by ${user ?? addressOf(by)}`;
  return `${text}${when}${reason === undefined || reason === "" ? "" : `, because "${reason}"`}`;
}

/** A change with its sender, reason and time. */
export function changeText({ at, ...sender }: LastChange): string {
  return senderText(sender, ` at ${clock(at)}`);
}
