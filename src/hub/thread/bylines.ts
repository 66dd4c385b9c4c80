import type { LastChange, Override, Sender } from "../../wire/message.ts";
import { toldName } from "../../wire/told_texts.ts";
import { addressOf } from "../board/sender_address.ts";
import type { HistoryEntry } from "./history.ts";
import type { LogEntry, Order } from "../board/orders.ts";

/** Taken as the thread starts, since a program may put a clock of its own in its place, as tests do. */
const { Date: Time } = globalThis, { now } = Time;

/** The time now, as the history tells it. */
export function timeNow(): string {
  return new Time(now()).toISOString();
}

/** When something was done, by whom, and why. */
export function bylineOf(at: string, { by, label, user, reason, id }: Sender): LastChange {
  return { at, by, label, user, reason, id };
}

/** Who is named when overrides end: all senders of those that end together. */
export function senderOfEnd(ended: readonly LogEntry[]): Sender {
  const by = ended.map(({ by }) => `end of ${by}`).join(", ");
  const label = ended.map(({ by, label }) => `end of ${label ?? by}`).join(", ");
  const isSaid = ended.some(({ user }) => user !== undefined);
  const user = isSaid ? distinct(ended, ({ user, by }) => user ?? addressOf(by)) : undefined;
  const reason = distinct(ended, ({ reason }) => reason);
  return { by: toldName(by), label: toldName(label), user, reason, id: ended.at(-1)!.id };
}

/** The texts of all entries, each text once; undefined if there are none. */
function distinct(
  ended: readonly LogEntry[],
  tell: (entry: LogEntry) => string | undefined,
): string | undefined {
  const texts = [...new Set(ended.map(tell).filter((text) => text))];
  return texts.length === 0 ? undefined : toldName(texts.join(", "));
}

/** The part of a history's entry that tells what an order asked for, and until when. */
export function deedOf(
  order: Order,
  outcome: HistoryEntry["outcome"],
): Pick<HistoryEntry, "what" | "until"> {
  const expiresAt = outcome !== "rejected" && "entry" in order ? order.entry.expiresAt : undefined;
  const until = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
  const kind = order.kind === "verify" ? "change" : order.kind;
  return { what: order.kind === "refused" ? order.what : kind, until };
}

/** A change that will be taken back, as `status` tells of it. */
export function overrideOf(entry: LogEntry): Override {
  const until = new Date(entry.expiresAt!).toISOString();
  return { ...bylineOf(entry.at, entry), maxLines: entry.lines, until };
}
