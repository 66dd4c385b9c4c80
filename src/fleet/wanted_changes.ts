import { endOf, type StoredChange, type StoredDoc } from "./fleet_change.ts";
import { lifetimeOf } from "./fleet_keys.ts";
import { type FleetPlace, isMeantBy, specificity } from "./fleet_target.ts";
import { isInStep, stepAt } from "./rollout.ts";

/** What is known of the fleet's wishes. */
export interface Wishes {
  /** The values of keys. */
  readonly docs: ReadonlyMap<string, StoredDoc>;
  /** Ids of the rollouts that have been stopped. */
  readonly halted: ReadonlySet<string>;
}

/**
 * The changes that a thread is to have, in the order in which they lie on each other, so that of
 * two that set the same logger the later one in the list wins: what is taken back by itself lies
 * above what stays, then what says more exactly whom it means, then what was stored later.
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

/** The changes that mean a thread and for which it has not its turn yet. */
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
