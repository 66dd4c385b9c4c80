import type { LoggingState } from "./logging_state.ts";
import { mergeOwnChanges, type OwnChange } from "./own_change.ts";
import type { NamedScope, PreparedConfig } from "./prepared_config.ts";

/** A change in force, with what it changed. */
export interface OutsideLayer<Change> {
  readonly kind: "outside";
  readonly change: Change;
  readonly before: LoggingState;
  readonly prepared: PreparedConfig;
}

/** What a change in force shows of some log calls, with that change. */
export interface ScopeInForce<Change> extends NamedScope {
  readonly change: Change;
}

/** What the program has set between two changes. */
export interface OwnLayer {
  readonly kind: "own";
  readonly own: OwnChange;
}

/** What a watched file has said, which is where the program stands without changes. */
export interface FileBase<Change> {
  readonly change: Change;
  /** The loggers without it. */
  readonly below: LoggingState;
  /** What the program has set since then. */
  readonly own: OwnChange | undefined;
}

/** One of those that lie on top of each other. */
export type Layer<Change> = OutsideLayer<Change> | OwnLayer;

/** Whether a change of that id is in force, and so needs a later end at most, which it is given. */
export function prolong<Change extends { readonly id: string; readonly expiresAt?: number }>(
  layers: Layer<Change>[],
  { id, expiresAt }: Change,
): boolean {
  const at = layers.findIndex((one) => one.kind === "outside" && one.change.id === id);
  const layer = layers[at];
  if (layer?.kind !== "outside") return false;
  const { change } = layer;
  const isLater = change.expiresAt !== undefined && change.expiresAt < (expiresAt ?? Infinity);
  if (isLater) layers[at] = { ...layer, change: { ...change, expiresAt } };
  return true;
}

/** What the program has set in all of these layers, and before them. */
export function ownIn<Change>(
  layers: readonly Layer<Change>[],
  before: OwnChange | undefined,
): OwnChange | undefined {
  return layers.reduce(
    (own, layer) => layer.kind === "own" ? mergeOwnChanges(own, layer.own) : own,
    before,
  );
}

/** Loggers whose levels the changes set for all calls, those above a whole configuration only. */
export function turnedBy<Change>(layers: readonly OutsideLayer<Change>[]): string[] {
  const turns = aboveWhole(layers).flatMap(({ prepared }) =>
    prepared.scopes === undefined ? prepared.turns ?? [] : []
  );
  return [...new Set(turns)];
}

/** What they show of some log calls only, oldest first. */
export function scopesOf<Change>(
  layers: readonly OutsideLayer<Change>[],
): ScopeInForce<Change>[] {
  return aboveWhole(layers).flatMap(({ change, prepared: { scopes = [] } }) =>
    scopes.map((scope) => ({ ...scope, change }))
  );
}

/** The changes above a whole configuration, which ends what those below it have turned. */
function aboveWhole<Change>(
  layers: readonly OutsideLayer<Change>[],
): readonly OutsideLayer<Change>[] {
  return layers.slice(layers.findLastIndex(({ prepared }) => prepared.turns === undefined) + 1);
}
