import { ByteRing } from "../../core/shared/byte_ring.ts";
import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { isAtOrBelow, type Tap } from "../board/orders.ts";

/** Longest sleep of the reader, in milliseconds. */
const SLEEP_MS = 1000;

/** Somebody who watches. */
export interface Watcher extends Tap {
  /** Takes a line of JSON, or drops it: it must not wait. */
  push(line: string): void;
}

/** The fields of a line that decide who sees it. */
interface LineHead {
  readonly levelno: number;
  readonly logger: string;
}

/** Hands the lines in a thread's tail ring to those who watch. */
export class TailFeed {
  readonly #ring: ByteRing;
  readonly #onChange: (taps: readonly Tap[]) => void;
  readonly #watchers = new Set<Watcher>();
  #running = false;
  #end = () => {};
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void> = new Promise((resolve) => this.#end = resolve);
  #rest = new Uint8Array();

  /** `onChange` hears which records the thread has to copy to the ring from then on. */
  constructor(ring: SharedArrayBuffer, onChange: (taps: readonly Tap[]) => void) {
    this.#ring = new ByteRing(ring);
    this.#onChange = onChange;
  }

  /** How many watchers there are. */
  get size(): number {
    return this.#watchers.size;
  }

  /** Removes all watchers, since the thread has ended. */
  close(): void {
    this.#handOut();
    this.#end();
  }

  /** Adds a watcher. */
  add(watcher: Watcher): void {
    if (this.#watchers.size === 0) this.#discard();
    this.#watchers.add(watcher);
    this.#tell();
    if (!this.#running) this.#run().catch(tellFailure);
  }

  /** Removes a watcher. */
  remove(watcher: Watcher): void {
    if (this.#watchers.delete(watcher)) this.#tell();
  }

  #tell(): void {
    this.#onChange([...this.#watchers].map(({ level, logger }) => ({ level, logger })));
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#watchers.size > 0) {
        await this.#ring.untilFilled(SLEEP_MS);
        this.#handOut();
      }
    } finally {
      this.#running = false;
    }
    this.#discard();
  }

  /**
   * Throws away what was logged while nobody watched. There is some if the hub before this one ended
   * without telling the thread that nobody watches any more.
   */
  #discard(): void {
    this.#ring.take();
    this.#ring.takeDropped();
    this.#rest = new Uint8Array();
  }

  #handOut(): void {
    const taken = this.#ring.take();
    const bytes = new Uint8Array(this.#rest.length + taken.length);
    bytes.set(this.#rest);
    bytes.set(taken, this.#rest.length);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#rest = bytes.slice(end);
    const lines = new TextDecoder().decode(bytes.subarray(0, end)).split("\n");
    for (const line of lines) if (line !== "") this.#pass(line);
    const dropped = this.#ring.takeDropped();
    if (dropped === 0) return;
    for (const watcher of this.#watchers) watcher.push(JSON.stringify({ dropped }));
  }

  #pass(line: string): void {
    const { levelno, logger } = readHead(line);
    for (const watcher of this.#watchers) {
      if (levelno >= watcher.level && isAtOrBelow(logger, watcher.logger)) watcher.push(line);
    }
  }
}

/** Reads a line's head; a line that cannot be read is for all, since the program itself wrote it. */
function readHead(line: string): LineHead {
  try {
    return JSON.parse(line) as LineHead;
  } catch {
    return { levelno: Infinity, logger: "" };
  }
}

function tellFailure(error: unknown): void {
  queueDiagnostic(`logdial: a tail has ended: ${error}\n`);
}
