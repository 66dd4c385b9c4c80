import type { Delivery } from "../../client/request.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import { describeChanges } from "../answers/deliveries.ts";
import { isDone, isMeant } from "../answers/exit_status.ts";
import { groupEqual } from "../answers/groups.ts";
import { linesText } from "../answers/lines_text.ts";
import { describeNotes } from "../printing/notes.ts";
import type { Message } from "./model.ts";

/** What became of a change, in one line; `what` is what was asked for. */
export function tellDeliveries(deliveries: readonly Delivery[], what: string): Message {
  const asked = deliveries.filter(isMeant);
  if (asked.length === 0) return { text: `${what}: nobody can take it`, tone: "bad" };
  // What has gone wrong must not be cut off at the end of the line.
  const groups = groupEqual(asked, (one) => JSON.stringify([one.outcome, one.error]), () => 1)
    .sort((a, b) => weight(b.members[0]!) - weight(a.members[0]!));
  const told = groups.map(({ members, label: [ports, who] }) => {
    const where = members.length === 1
      ? `${ports} ${who}`
      : members.length === asked.length
      ? `all ${asked.length}`
      : `${members.length} (${ports})`;
    return outcomeText(members[0]!, where, members.length === 1);
  });
  const notes = [...new Set(asked.flatMap(describeNotes))];
  const tone = toneOf(asked);
  // Of a single thread, its levels before and after say more.
  const head = asked.length === 1 && tone === "good" ? "" : `${what}: `;
  return { text: [head + told.join("; "), ...notes].join("; "), tone };
}

/** How much something has to be read. */
function weight({ outcome }: Delivery): number {
  if (outcome === "rejected" || outcome === "skipped") return 2;
  return outcome === "pending" || outcome === "unconfirmed" ? 1 : 0;
}

function toneOf(asked: readonly Delivery[]): Message["tone"] {
  const worst = Math.max(...asked.map(weight));
  if (worst === 2) return "bad";
  return worst === 1 || !asked.every(isDone) ? "waiting" : "good";
}

function outcomeText(delivery: Delivery, where: string, isAlone: boolean): string {
  const { outcome, error } = delivery;
  switch (outcome) {
    case "rejected":
      return `rejected by ${where}: ${error?.message ?? "no reason given"}`;
    case "skipped":
      return `not sent to ${where}: ${error?.message ?? "no reason given"}`;
    case "pending":
      return `pending on ${where} until the next log call`;
    case "unconfirmed":
      return `not confirmed by ${where}${error === undefined ? "" : `: ${error.message}`}`;
    case "unchanged":
      return `nothing to do on ${where}`;
    case "applied": {
      const detail = isAlone ? detailOf(delivery) : "";
      return `applied on ${where}${detail === "" ? "" : `: ${detail}`}`;
    }
  }
}

function detailOf({ previous, levels, until, maxLines, takenBack }: Delivery): string {
  const parts = [
    previous === undefined || levels === undefined ? "" : describeChanges(previous, levels),
    until === undefined
      ? ""
      : `for ${formatDuration(Date.parse(until) - Date.now())}${linesText(maxLines)}`,
    takenBack === undefined ? "" : `took back ${count(takenBack.length, "change")}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
