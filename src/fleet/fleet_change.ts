import {
  anything,
  count,
  defaulted,
  fields,
  list,
  number,
  oneOf,
  optional,
  type Read,
  text,
} from "../wire/shape.ts";
import { MOST_LINES } from "../config/text/extension_words.ts";
import { keyOf } from "./fleet_keys.ts";
import { READ_LONG, READ_SHORT } from "./fleet_lengths.ts";
import { type FleetTarget, targetText } from "./fleet_target.ts";
import type { Rollout } from "./rollout.ts";

/** A change that operators want. */
export interface FleetChange {
  /** Its id in the whole fleet. */
  readonly id: string;
  /** The command, as `set app.db=DEBUG`. */
  readonly label: string;
  /** The configuration, as `send` sends it. */
  readonly text: string;
  /** Whom it is for. */
  readonly to: FleetTarget;
  /** Who wants it. */
  readonly by?: string;
  /** Why. */
  readonly reason?: string;
  /**
   * When it was stored, in milliseconds of the server's clock. The first revision that has the change
   * leaves it out, since the time of that revision is not known before it is stored.
   */
  readonly at?: number;
  /** How long it lasts, in milliseconds; forever if left out. */
  readonly lasts?: number;
  /** How many lines all processes together may log thanks to it. */
  readonly lines?: number;
  /** Among how many processes the lines are divided. */
  readonly shares?: number;
  /** Whether it goes beyond what the listeners' policy would cap. */
  readonly forever?: boolean;
  /** How it spreads; at once everywhere if left out. */
  readonly rollout?: Rollout;
}

/** A change as it was read, so that its time is known. */
export interface StoredChange extends FleetChange {
  readonly at: number;
}

/** What an operator did. */
export interface FleetAction {
  /** As `set app.db=DEBUG` or `rollback 1`. */
  readonly label: string;
  /** Who. */
  readonly by?: string;
  /** Why. */
  readonly reason?: string;
  /** The changes that it added or took back. */
  readonly ids: readonly string[];
}

/** The value of a key: all changes for one target, oldest first, and what was done last. */
export interface FleetDoc {
  readonly version: 1;
  readonly changes: readonly FleetChange[];
  readonly last: FleetAction;
  /** The bucket that it was written for, so that agents notice one that was made anew. */
  readonly bucket?: string;
}

/** A value as it was read. */
export interface StoredDoc extends FleetDoc {
  readonly changes: readonly StoredChange[];
}

/** Most changes under one key. */
export const MOST_CHANGES = 32;

const part = optional(text(READ_SHORT));

const readDocFields: Read<FleetDoc> = fields<FleetDoc>({
  version: oneOf<1>(1),
  changes: list(fields<FleetChange>({
    id: text(32),
    label: text(READ_SHORT),
    text: text(READ_LONG),
    to: fields<FleetTarget>({ app: part, host: part, thread: part }),
    by: part,
    reason: part,
    at: optional(count()),
    lasts: optional(count()),
    lines: optional(count(MOST_LINES)),
    shares: optional(count()),
    forever: optional(oneOf(true, false)),
    rollout: optional(fields<Rollout>({
      steps: list(number),
      every: count(),
      maxLines: optional(count()),
      maxErrors: optional(count()),
    })),
  })),
  last: fields<FleetAction>({
    label: text(READ_SHORT),
    by: part,
    reason: part,
    ids: defaulted(list(text(32)), []),
  }),
  bucket: part,
});

/**
 * Reads the value of a key that was stored at that time. Who may write a key may mean those that
 * the key stands for, and no others.
 *
 * @throws {Error} It is something else, or has a change that stands under another key.
 */
export function readDoc(json: unknown, stored: number, key: string): StoredDoc {
  const doc = readDocFields(anything(json, ""), "");
  for (const { id, lasts, to } of doc.changes) {
    const own = keyOf(lasts === undefined ? "base" : "ovr", to);
    if (own === key) continue;
    const end = lasts === undefined ? "stays" : "ends by itself";
    throw new Error(`change ${id} ${end} and is for ${targetText(to)}, which stands under ${own}`);
  }
  const changes = doc.changes.map((change) => ({ ...change, at: change.at ?? stored }));
  return { ...doc, changes };
}

/** When a change ends, in milliseconds of the server's clock. */
export function endOf({ at, lasts }: StoredChange): number {
  return lasts === undefined ? Infinity : at + lasts;
}

/**
 * A value with one change more. Changes that had ended when the value was stored, by the server's own
 * clock, are left out: no other clock can take away what is still in force.
 *
 * @throws {RangeError} There are too many changes.
 */
export function withChange(
  doc: StoredDoc | undefined,
  stored: number,
  change: FleetChange,
): FleetDoc {
  const kept = (doc?.changes ?? []).filter((one) => endOf(one) > stored);
  if (kept.length >= MOST_CHANGES) {
    throw new RangeError(
      `Cannot add a change for ${targetText(change.to)}: ${MOST_CHANGES} are in force that are ` +
        "kept with it, as all are whose --app and --host are no names; take some back by fleet rollback",
    );
  }
  const { label, by, reason, id } = change;
  return { version: 1, changes: [...kept, change], last: { label, by, reason, ids: [id] } };
}

/** A value without some changes. */
export function withoutChanges(doc: StoredDoc, action: FleetAction): FleetDoc {
  const changes = doc.changes.filter(({ id }) => !action.ids.includes(id));
  return { version: 1, changes, last: action };
}

/** How many lines one process may log thanks to a change. */
export function shareOf({ lines, shares = 1 }: FleetChange): number | undefined {
  return lines === undefined ? undefined : Math.max(1, Math.floor(lines / Math.max(1, shares)));
}
