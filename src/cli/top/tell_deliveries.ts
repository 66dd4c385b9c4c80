import type { Delivery } from "../../client/request.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import { describeChanges } from "../answers/deliveries.ts";
import { isDone, isMeant } from "../answers/exit_status.ts";
import { groupEqual } from "../answers/groups.ts";
import { linesText } from "../answers/lines_text.ts";
import { describeNotes } from "../printing/notes.ts";
import { changedLevels } from "../../wire/message.ts";
import type { Message } from "./model.ts";

/** What became of a change, in one line; `what` is what was asked for. */
export function tellDeliveries(deliveries: readonly Delivery[], what: string): Message {
  const asked = deliveries.filter(isMeant), [first] = asked;
  if (first === undefined) return { text: `${what}: nobody can take it`, tone: "bad" };
  const tone = toneOf(asked), notes = [...new Set(asked.flatMap(describeNotes))];
  if (asked.length > 1) {
    return { text: [`${what}: ${tellMany(asked)}`, ...notes].join("; "), tone };
  }
  const [port, who] = groupEqual(asked, () => "")[0]!.label;
  const { previous, levels } = first, detail = detailOf(first);
  const isTold = previous !== undefined && levels !== undefined &&
    changedLevels(previous, levels).length > 0;
  // Its levels before and after say more.
  const head = tone === "good" && isTold ? "" : `${what}: `;
  const told = `${head}${OUTCOMES[first.outcome]} on ${port} ${who}`;
  return { text: [detail === "" ? told : `${told}: ${detail}`, ...notes].join("; "), tone };
}

/** First how many have what, since the end of a line may be cut off; then where and why. */
function tellMany(asked: readonly Delivery[]): string {
  const groups = groupEqual(
    asked,
    ({ outcome, error }) => JSON.stringify([outcome, error]),
    () => 1,
  )
    .sort((a, b) => weight(b.members[0]!) - weight(a.members[0]!));
  const counts = new Map<string, number>();
  for (const { outcome } of groups.flatMap(({ members }) => members)) {
    counts.set(OUTCOMES[outcome], (counts.get(OUTCOMES[outcome]) ?? 0) + 1);
  }
  const [first, ...others] = counts;
  const head = others.length === 0
    ? `${first![0]} on all ${first![1]}`
    : [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  const reasons = groups.flatMap(({ members: [one], label: [ports, who] }) =>
    weight(one!) === 0 ? [] : [`${ports} ${who}: ${reasonText(one!)}`]
  );
  return [head, ...reasons].join("; ");
}

/** Outcomes in words. */
const OUTCOMES: Readonly<Record<Delivery["outcome"], string>> = {
  applied: "applied",
  unchanged: "nothing to do",
  pending: "pending",
  unconfirmed: "not confirmed",
  rejected: "rejected",
  skipped: "not sent",
};

/** Why a thread does not have it. */
function reasonText({ outcome, error }: Delivery): string {
  return error?.message ?? `${OUTCOMES[outcome]}${outcome === "pending" ? " until it logs" : ""}`;
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

/** What a single thread has to tell. */
function detailOf(delivery: Delivery): string {
  const { previous, levels, until, maxLines, takenBack, error, outcome } = delivery;
  if (error !== undefined) return error.message;
  if (outcome === "pending") return "until its next log call";
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
