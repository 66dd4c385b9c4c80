import { compareNumbers, type KeptRecord, readRecordRing } from "../../core/shared/record_ring.ts";
import type { RecordedThread } from "../board/recorder_info.ts";

/** Most ended threads whose records are kept, and most bytes of all records that are kept. */
const MAX_ENDED = 32, MAX_BYTES = 64 << 20;

/** A thread whose records are kept, or were as it ended. */
export interface Recorded {
  readonly thread: RecordedThread;
  /** When it was found to have ended, in milliseconds since the epoch. */
  readonly endedAt: number | undefined;
}

/** What a thread's rings held at one moment. */
export interface RingRecords extends Recorded {
  /** Oldest first. */
  readonly records: readonly KeptRecord[];
  /** How many there were before. */
  readonly overwritten: number;
}

/**
 * The recorders' rings of all threads of the process: of those that live, and of the last ones
 * that have ended.
 */
export class Recordings {
  readonly #threads = new Map<string, Recorded>();

  /** Whether no records are kept of any thread. */
  get isEmpty(): boolean {
    return this.#threads.size === 0;
  }

  /** All of them, in the order in which they came, or ended. */
  get all(): readonly Recorded[] {
    return [...this.#threads.values()];
  }

  /** Takes in a thread that lives, or new rings of one. */
  take(thread: RecordedThread): void {
    this.#threads.set(thread.id, { thread, endedAt: undefined });
  }

  /** Lets go of a thread that records no more. */
  forget(id: string): void {
    const found = this.#threads.get(id);
    if (found === undefined) return;
    this.#threads.delete(id);
    tellEngine(found);
  }

  /** A thread has ended: its rings are kept for as long as there is room. */
  end(id: string): void {
    const found = this.#threads.get(id);
    if (found === undefined || found.endedAt !== undefined) return;
    this.#threads.delete(id);
    this.#threads.set(id, { ...found, endedAt: Date.now() });
    this.#makeRoom();
  }

  /** Takes in what another hub knows. */
  adopt(others: Iterable<Recorded>): void {
    for (const one of others) {
      if (!this.#threads.has(one.thread.id)) this.#threads.set(one.thread.id, one);
    }
    this.#makeRoom();
  }

  /** The recordings for a hub that takes over: all threads count as ended until they attach. */
  inherited(): Recordings {
    const heir = new Recordings();
    const now = Date.now();
    heir.adopt(this.all.map(({ thread, endedAt = now }) => ({ thread, endedAt })));
    return heir;
  }

  #makeRoom(): void {
    let bytes = 0, ended = 0;
    for (const one of this.#threads.values()) {
      bytes += bytesOf(one);
      if (one.endedAt !== undefined) ended++;
    }
    for (const one of this.all) {
      if (ended <= MAX_ENDED && bytes <= MAX_BYTES) return;
      if (one.endedAt === undefined) continue;
      this.forget(one.thread.id);
      bytes -= bytesOf(one);
      ended--;
    }
  }
}

/** Looks at the rings of a thread. */
export function readRecorded(recorded: Recorded): RingRecords {
  const { lower, errors } = recorded.thread.rings;
  const some = readRecordRing(lower), bad = readRecordRing(errors);
  return {
    ...recorded,
    records: merged(some.records, bad.records),
    overwritten: some.overwritten + bad.overwritten,
  };
}

function merged(some: readonly KeptRecord[], others: readonly KeptRecord[]): KeptRecord[] {
  const all: KeptRecord[] = [];
  let at = 0;
  for (const one of some) {
    while (at < others.length && compareNumbers(others[at]!, one) < 0) all.push(others[at++]!);
    all.push(one);
  }
  return all.concat(others.slice(at));
}

function bytesOf({ thread: { rings } }: Recorded): number {
  return rings.lower.byteLength + rings.errors.byteLength;
}

/**
 * V8 does not count shared memory, and would free the rings far too late. It does count an
 * ordinary buffer of that size, for which the system needs no memory, since nobody writes it.
 */
function tellEngine(recorded: Recorded): void {
  void new ArrayBuffer(bytesOf(recorded));
}
