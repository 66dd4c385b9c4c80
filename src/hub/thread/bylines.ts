import type { LastChange, Override, Sender } from "../../wire/message.ts";
import { toldName } from "../../wire/told_texts.ts";
import type { LogEntry } from "../board/orders.ts";

/** When something was done, by whom, and why. */
export function bylineOf(at: string, { by, label, user, reason, id }: Sender): LastChange {
  return { at, by, label, user, reason, id };
}

/** Who stands for the end of overrides that were given together. */
export function endOf(ended: readonly LogEntry[]): Sender {
  const by = ended.map(({ by }) => `end of ${by}`).join(", ");
  const label = ended.map(({ by, label }) => `end of ${label ?? by}`).join(", ");
  return { by: toldName(by), label: toldName(label), id: ended.at(-1)!.id };
}

/** A change that will be taken back, as `status` tells of it. */
export function overrideOf(entry: LogEntry): Override {
  const until = new Date(entry.expiresAt!).toISOString();
  return { ...bylineOf(entry.at, entry), maxLines: entry.lines, until };
}
