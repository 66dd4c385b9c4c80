import type { LineRing } from "../../core/shared/line_ring.ts";

/** A thread's ring, as its keeper sees it. */
export interface KeptRing {
  /** The memory. */
  readonly ring: LineRing;
  /** `<stdout>` or `<stderr>`. */
  readonly name: string;
  /** Whether the thread writes directly. */
  readonly isFree: boolean;
  /** Whether it is the only ring of the process, and all of it is written. */
  readonly isAllWritten: boolean;
  /** Writes out its lines itself, where that does not block the thread. */
  writeOwn(): void;
  /** Blocks until all of its lines are written. */
  flush(): void;
  /** Takes the ring back if the hub that writes it out is dead. */
  check(): void;
}

/**
 * Finds a hub that writes out the rings of this thread.
 *
 * Handlers lie below the hub and know nothing of it. `hub/thread/hub_ring_keeper.ts`, which does,
 * provides the keeper when it is loaded. A `RingHandler` hands its ring over (`adopt`); the ring
 * then asks for a hub (`ask`) after its first lines, and tells of one that has died (`lost`).
 * Where nothing has provided a keeper, every line is written directly.
 */
export interface RingKeeper {
  /** Called with each new ring. */
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
