import type { LoggingState } from "./logging_state.ts";
import type { OwnChange } from "./own_change.ts";
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

/** One of those that lie on top of each other. */
export type Layer<Change> = OutsideLayer<Change> | OwnLayer;
