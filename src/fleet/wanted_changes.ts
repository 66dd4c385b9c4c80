import { endOf, type StoredChange, type StoredDoc } from "./fleet_change.ts";
import { lifetimeOf } from "./fleet_keys.ts";
import { type FleetPlace, isMeantBy, specificity } from "./fleet_target.ts";
import { isInStep, stepAt } from "./rollout.ts";

/** What an agent knows of the operators' wishes. */
export interface Wishes {
  /** The values of keys. */
  readonly docs: ReadonlyMap<string, StoredDoc>;
  /** Ids of the rollouts that have been stopped. */
  readonly halted: ReadonlySet<string>;
}

/**
 * The changes that a thread should have, in the order in which they lie on each other: of two that set
 * the same logger, the later one in the list wins. Changes that end by themselves lie above those that
 * stay; among these, a more exact target lies above a less exact one, then a later change above an
 * earlier one.
 */
export function wantedFor(place: FleetPlace, wishes: Wishes, now: number): StoredChange[] {
  const meant = [...wishes.docs].flatMap(([key, { changes }]) => {
    const rank = lifetimeOf(key) === "ovr" ? 1 : 0;
    return changes.filter((change) => isInForce(change, place, wishes, now))
      .map((change) => ({ change, rank }));
  });
  meant.sort((a, b) => a.rank - b.rank || compare(a.change, b.change));
  return meant.map(({ change }) => change);
}

/** The changes that mean a thread, but whose rollout has not come to it yet. */
export function waitingFor(place: FleetPlace, wishes: Wishes, now: number): StoredChange[] {
  return [...wishes.docs.values()].flatMap(({ changes }) => changes).filter((change) =>
    isAlive(change, place, wishes, now) && !hasTurn(change, place, now)
  );
}

function isInForce(
  change: StoredChange,
  place: FleetPlace,
  wishes: Wishes,
  now: number,
): boolean {
  return isAlive(change, place, wishes, now) && hasTurn(change, place, now);
}

function isAlive(
  change: StoredChange,
  place: FleetPlace,
  { halted }: Wishes,
  now: number,
): boolean {
  return endOf(change) > now && !halted.has(change.id) && isMeantBy(change.to, place);
}

function hasTurn({ rollout, at }: StoredChange, place: FleetPlace, now: number): boolean {
  return rollout === undefined || isInStep(rollout, stepAt(rollout, at, now), place);
}

function compare(a: StoredChange, b: StoredChange): number {
  return specificity(a.to) - specificity(b.to) || a.at - b.at || (a.id < b.id ? -1 : 1);
}
