import type { LoggingState } from "./logging_state.ts";
import { mergeOwnChanges, type OwnChange } from "./own_change.ts";
import type { PreparedConfig } from "./prepared_config.ts";

/** A change in force, with what it changed. */
export interface OutsideLayer<Change> {
  readonly kind: "outside";
  readonly change: Change;
  readonly before: LoggingState;
  readonly prepared: PreparedConfig;
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
