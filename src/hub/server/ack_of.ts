import type { Ack } from "../../wire/message.ts";
import type { Outcome } from "../board/orders.ts";
import type { FrameOrder } from "../board/read_order.ts";

/** What will end a change. */
export type Ends = Pick<FrameOrder, "expiresAt" | "cappedAt" | "lines">;

/** Who answers, and how many orders the thread has carried out. */
type Answerer = Pick<Ack, "logdial" | "name" | "pid" | "port" | "generation">;

/**
 * The answer to an order by what has become of it: applied, rejected, or pending, while the thread
 * has not come to it.
 */
export function ackOf(
  answerer: Answerer,
  outcome: Outcome | undefined,
  { expiresAt, cappedAt, lines: maxLines }: Ends,
): Ack {
  const until = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
  if (outcome === undefined) return { ...answerer, status: "pending", until, maxLines, cappedAt };
  const { error, previous, levels, result, unchanged, notes } = outcome;
  if (error !== undefined) return { ...answerer, status: "rejected", error };
  const done = { previous, levels, until, maxLines, cappedAt, result, ...notes };
  return { ...answerer, status: "applied", unchanged, ...done };
}
