import type { StoredChange } from "./fleet_change.ts";

/**
 * The id by which listeners know a change: made of the bucket's id, its own, when it was stored, and
 * the number of the attempt.
 */
export function wireId(
  bucket: string,
  { id, at }: Pick<StoredChange, "id" | "at">,
  attempt = 1,
): string {
  return `fleet:${bucket}:${id}:${at.toString(36)}${attempt === 1 ? "" : `~${attempt}`}`;
}

/** A change of the fleet by the id that listeners know. */
export interface WireId {
  readonly bucket: string;
  readonly id: string;
  readonly at: number;
  readonly attempt: number;
}

/** Reads such an id; undefined for those of other senders. */
export function readWireId(text: string): WireId | undefined {
  const [, bucket, id, at, attempt] =
    /^fleet:([^:]*):([^:]+):([0-9a-z]{1,10})(?:~(\d{1,6}))?$/.exec(text) ?? [];
  if (bucket === undefined || id === undefined || at === undefined) return undefined;
  return { bucket, id, at: parseInt(at, 36), attempt: Number(attempt ?? 1) };
}

/** What an agent knows of its bucket for one thread. */
export interface View {
  /** The bucket that it has read. */
  readonly bucket: string;
  /** The changes that the thread is to have, lowest first. */
  readonly wanted: readonly StoredChange[];
  /** When that was read, by the server's clock. */
  readonly readAt: number;
}

/** What is known of a thread. */
export interface ThreadPast {
  /** Ids in force, lowest first. */
  readonly present: readonly string[];
  /** Ids that it has been sent before. */
  readonly sent: Iterable<string>;
  /** Which of them agents have taken back, and when by the server's clock. */
  readonly undone: ReadonlyMap<string, number>;
}

/** What is to be done at a thread; sending comes first, so that nothing is missing meanwhile. */
export interface ThreadPlan {
  /** Changes to send, in this order, with the ids to give them. */
  readonly send: readonly { readonly change: StoredChange; readonly wireId: string }[];
  /** Ids to take back then, as the listener knows them. */
  readonly takeBack: readonly string[];
  /** Changes that the thread had, and that somebody or something else has taken back there. */
  readonly gone: readonly StoredChange[];
}

/**
 * Compares the changes that a thread has with those that it should have. A change that it had once,
 * has no longer, and no agent took back, was ended at the host: by an operator, by its lines, or by
 * the listener's policy. Such a change is not sent again. Changes of another bucket, such as one that
 * was lost, are left alone; and so are changes that another agent of the host has made since this one
 * read its keys.
 *
 * A thread puts a new change on top. So if a change has to lie below others, these are sent once more,
 * and taken back at their old place. An agent may end at any step of that: the next one does the rest.
 */
export function planFor(
  { bucket, wanted, readAt }: View,
  { present, sent, undone }: ThreadPast,
): ThreadPlan {
  const last = new Map<string, WireId & { readonly wire: string }>();
  for (const one of oursIn(bucket, [...sent, ...present])) {
    if (one.attempt > (last.get(one.id)?.attempt ?? 0)) last.set(one.id, one);
  }
  const inForce = oursIn(bucket, present), isThere = new Set(inForce.map(({ id }) => id));
  const gone = wanted.filter(({ id }) => {
    const sentLast = last.get(id);
    return sentLast !== undefined && !isThere.has(id) &&
      !((undone.get(sentLast.wire) ?? Infinity) <= readAt);
  });
  const due = wanted.filter((change) => !gone.includes(change));
  // The last attempt counts where several are in force.
  const left = inForce.filter(({ id }, at) =>
    due.some((one) => one.id === id) && !inForce.slice(at + 1).some((one) => one.id === id)
  );
  // The lowest changes that lie right already stay.
  let same = 0;
  while (same < left.length && left[same]!.id === due[same]?.id) same++;
  const staying = left.slice(0, same);
  return {
    send: due.slice(same).map((change) => ({
      change,
      wireId: wireId(bucket, change, (last.get(change.id)?.attempt ?? 0) + 1),
    })),
    takeBack: inForce.filter((one) => !staying.includes(one) && one.at <= readAt)
      .map(({ wire }) => wire),
    gone,
  };
}

function oursIn(bucket: string, ids: readonly string[]): (WireId & { readonly wire: string })[] {
  return ids.flatMap((wire) => {
    const read = readWireId(wire);
    return read === undefined || read.bucket !== bucket ? [] : [{ ...read, wire }];
  });
}
