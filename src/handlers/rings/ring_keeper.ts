import type { LineRing } from "../../core/shared/line_ring.ts";

/** A thread's ring, as those see it who find someone to write it out. */
export interface KeptRing {
  /** The memory. */
  readonly ring: LineRing;
  /** `<stdout>` or `<stderr>`. */
  readonly name: string;
  /** Whether the thread writes directly. */
  readonly isFree: boolean;
  /** Whether it is the only one of the process, and all of it is written. */
  readonly isAllWritten: boolean;
  /** Writes out its lines itself, where that does not block the thread. */
  writeOwn(): void;
  /** Blocks until all of its lines are written. */
  flush(): void;
  /** Takes it back if who writes it out is dead. */
  check(): void;
}

/**
 * What finds another thread to write out the rings of this one.
 *
 * Handlers lie below the hub and know nothing of it. `hub/thread/hub_ring_keeper.ts`, which does,
 * provides the keeper when it is loaded. A `RingHandler` hands its ring over (`adopt`); the ring
 * then asks for a hub (`ask`) after its first lines, and tells of one that has died (`lost`).
 * Where nothing has provided a keeper, every line is written directly.
 */
export interface RingKeeper {
  /** Hears of a ring that has come up. */
  adopt(ring: KeptRing): void;
  /** Asks for the ring to be taken, and does not wait for it; returns whether to ask again. */
  ask(ring: KeptRing): boolean;
  /** Hears that who wrote the rings out has been found dead. */
  lost(): void;
}

let keeper: RingKeeper | undefined;

/** What writes rings out, undefined where the program has loaded nothing that does. */
export function ringKeeper(): RingKeeper | undefined {
  return keeper;
}

/** Handlers know nothing of the hub, which is above them: it says here that it is there. */
export function provideRingKeeper(provided: RingKeeper): void {
  keeper = provided;
}
