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

/** A level for some log calls only, with the change that has set it. */
export interface ScopeInForce<Change> extends NamedScope {
  readonly change: Change;
}

/** The layer of what the program itself has set between two changes. */
export interface OwnLayer {
  readonly kind: "own";
  readonly own: OwnChange;
}

/** The watched file's configuration, which is where the program stands without changes. */
export interface FileBase<Change> {
  readonly change: Change;
  /** The loggers without the file. */
  readonly below: LoggingState;
  /** What the program has set since then. */
  readonly own: OwnChange | undefined;
}

/** One of the layers that lie on top of each other. */
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

/** Levels for some log calls only that the changes set, oldest first. */
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
