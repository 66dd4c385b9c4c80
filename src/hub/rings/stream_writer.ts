import { reasonOf } from "../../core/values/thrown.ts";
import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { areShortLines, PIECE_BYTES } from "../../core/io/write_piece.ts";
import { FULL, NEVER } from "../../core/shared/line_ring.ts";
import { PIPE_THREAD_BYTES, PipeThread } from "./pipe_thread.ts";
import type { RingReader } from "./ring_reader.ts";

/**
 * Lines that come within so many milliseconds after the first are written together: a server
 * loses more by the processor that the hub takes from it than by the writing of its lines.
 */
const GATHER_MS = 10;
/** What a pipe holds, in bytes: so much within {@linkcode GATHER_MS} comes from a loop. */
const MUCH_BYTES = 1 << 16;
/** Bytes after which a pipe gets a pipe thread: only large programs write so much. */
const BYTES_BEFORE_PIPE_THREAD = 1 << 20;
/** Longest wait before what is waited for is looked at again, in milliseconds. */
const PROGRESS_MS = 20;
/** How long to wait before a full pipe is tried again, in milliseconds. */
const RETRY_MS = 2;

/** Writes the rings of all threads for one stream out, one piece at a time. */
export class StreamWriter {
  readonly #stream: "stdout" | "stderr";
  readonly #pieceBytes: number;
  /** When threads may write as well: `NEVER`, `PILED` or `FULL`. */
  #own: number;
  #pipeThread: PipeThread | undefined;
  #bytes = 0;
  readonly #rings = new Set<RingReader>();
  readonly #asleep = new Set<RingReader>();
  #isRunning = false;
  /** The timer until whose end lines are gathered. */
  #gathering: ReturnType<typeof setTimeout> | undefined;
  /** Whether a thread does not want the hub to gather more lines. */
  #hasHurry = false;
  #isBroken = false;
  /** Whether the stream has refused bytes since it was full: long lines go in parts then. */
  #isNonBlocking = false;
  #trouble = "";
  /** Those who wait for something to have been written. */
  #waiting: (() => void)[] = [];

  /** Writes to the stream, in pieces of at most so many bytes; `own` is when threads do. */
  constructor(stream: "stdout" | "stderr", pieceBytes: number = PIECE_BYTES, own: number = NEVER) {
    this.#stream = stream;
    this.#pieceBytes = pieceBytes;
    this.#own = own;
  }

  /** Whether it has any rings. */
  get isEmpty(): boolean {
    return this.#rings.size === 0;
  }

  /** Takes a ring on. */
  add(ring: RingReader): void {
    ring.letWrite(this.#own);
    if (!ring.enter()) return;
    if (!this.#rings.has(ring)) void this.#hearHurry(ring);
    this.#rings.add(ring);
    this.#isNonBlocking ||= ring.isNonBlocking;
    this.#start();
  }

  async #hearHurry(ring: RingReader): Promise<void> {
    ring.calm();
    for (;;) {
      await ring.untilHurried();
      if (!this.#rings.has(ring)) return;
      ring.calm();
      this.#hasHurry = true;
      this.#asleep.delete(ring);
      this.#start();
    }
  }

  /** Shows all threads that the hub lives. */
  beat(): void {
    for (const ring of this.#rings) {
      ring.beat();
      // A thread that has met with trouble writes no more itself: it may again once the trouble is
      // over.
      if (this.#trouble === "" && !ring.isLeaving) ring.letWrite(this.#own);
    }
  }

  /** Resolves when all that is in the rings now has been written. */
  async flush(): Promise<void> {
    const heads = new Map([...this.#rings].map((ring) => [ring, ring.head]));
    for (const [ring, head] of heads) {
      while (this.#rings.has(ring) && !ring.isFree && ring.waitingBefore(head) > 0) {
        await this.#progress();
      }
    }
  }

  /** Resolves when all is written and the ring, or all rings, left to their threads. */
  async leave(one?: RingReader): Promise<void> {
    const rings = one === undefined ? [...this.#rings] : [one];
    for (const ring of rings) ring.leaveSoon();
    for (const ring of rings) {
      while (this.#rings.has(ring)) {
        // The thread may have taken the ring back meanwhile, or be just taking it, and not be asked.
        ring.leaveSoon();
        if (ring.isFree) this.#remove(ring);
        else await this.#progress();
      }
    }
  }

  #start(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Begins to write; of lines that come fast it gathers many, since one write costs as much. */
  #wake(ring: RingReader): void {
    this.#asleep.delete(ring);
    if (this.#isRunning) return;
    this.#gather();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => this.#start(), GATHER_MS);
  }

  async #run(): Promise<void> {
    for (let isBusy = true; isBusy;) {
      isBusy = this.#hasHurry = false;
      const before = this.#bytes;
      for (const ring of this.#rings) {
        if (this.#asleep.has(ring) && !ring.isLeaving) continue;
        // A thread in a loop will write by itself anyway, at a fraction of the cost.
        if (ring.takeFlood() >= MUCH_BYTES && !this.#isHurried) isBusy = true;
        else if (await this.#writeRing(ring)) isBusy = true;
        else if (ring.isFree || (ring.isLeaving && ring.leave())) this.#remove(ring);
        else if (!this.#sleep(ring)) isBusy = true;
      }
      const isMuch = this.#own === NEVER && this.#bytes - before >= MUCH_BYTES;
      // Nobody waits for these lines; where they pile up, threads write by themselves if they may.
      if (isBusy && !isMuch && !this.#isHurried) {
        this.#isRunning = false;
        return this.#gather();
      }
    }
    this.#isRunning = false;
  }

  /** Whether somebody waits for what is written, or for a ring. */
  get #isHurried(): boolean {
    return this.#hasHurry || this.#waiting.length > 0 ||
      this.#rings.values().some((ring) => ring.isLeaving);
  }

  #sleep(ring: RingReader): boolean {
    if (!ring.sleep(() => this.#wake(ring))) return false;
    this.#asleep.add(ring);
    return true;
  }

  #remove(ring: RingReader): void {
    this.#rings.delete(ring);
    this.#asleep.delete(ring);
    ring.hearNoMore();
    this.#tellProgress();
  }

  /** Writes what is in the ring now; returns whether there was anything. */
  async #writeRing(ring: RingReader): Promise<boolean> {
    const failure = ring.takeFailure();
    if (failure !== undefined) this.#tell(failure, false);
    for (let hasWritten = false;;) {
      // The ring is written up to a line's end before other rings have their turn.
      const { head, isEnd } = ring.place;
      hasWritten = await this.#writeUpTo(head, ring) || hasWritten;
      if (isEnd || !ring.isOurs) return hasWritten;
      await ring.untilMore(head);
    }
  }

  async #writeUpTo(head: number, ring: RingReader): Promise<boolean> {
    for (let hasWritten = false;; hasWritten = true) {
      const thread = this.#readyPipeThread();
      const most = thread === undefined ? this.#pieceBytes : PIPE_THREAD_BYTES;
      const piece = ring.begin(head, this.#isBroken ? Infinity : most, !this.#isNonBlocking);
      if (piece === undefined) return hasWritten;
      if (this.#own === FULL && !areShortLines(piece)) await this.#keepThreadsAway();
      const written = await this.#write(piece, thread);
      this.#bytes += written;
      ring.end(written);
      if (written === 0) await pause(RETRY_MS);
      this.#tellProgress();
    }
  }

  /** Lets no thread write by itself any more: it would write between the parts of a line. */
  async #keepThreadsAway(): Promise<void> {
    this.#own = NEVER;
    for (const ring of this.#rings) ring.letWrite(NEVER);
    while (this.#rings.values().some((ring) => ring.isTaken)) await pause(RETRY_MS);
  }

  /** Writes a piece; returns how many bytes need no more writing. */
  async #write(
    bytes: Uint8Array<ArrayBufferLike>,
    thread: PipeThread | undefined,
  ): Promise<number> {
    const { length } = bytes;
    if (this.#isBroken) {
      await pause(0);
      return length;
    }
    if (thread !== undefined && length <= PIPE_THREAD_BYTES) {
      const { error, isBroken = false } = await thread.write(bytes);
      if (error === undefined) this.#trouble = "";
      else this.#tell(error, isBroken);
      return length;
    }
    try {
      const written = await Deno[this.#stream].write(bytes as Uint8Array<ArrayBuffer>);
      this.#trouble = "";
      return written;
    } catch (error) {
      if (error instanceof Deno.errors.WouldBlock) {
        this.#isNonBlocking = true;
        return 0;
      }
      const reason = reasonOf(error);
      this.#tell(reason, error instanceof Deno.errors.BrokenPipe);
      return length;
    }
  }

  /** The pipe thread, once it is ready; only large programs on a pipe get one. */
  #readyPipeThread(): PipeThread | undefined {
    if (this.#pieceBytes > PIECE_BYTES || this.#bytes < BYTES_BEFORE_PIPE_THREAD) return undefined;
    this.#pipeThread ??= new PipeThread(this.#stream, this.#isNonBlocking);
    return this.#pipeThread.isReady ? this.#pipeThread : undefined;
  }

  /** Tells of trouble on stderr, once for each kind of it and not for every line. */
  #tell(error: string, isBroken: boolean): void {
    this.#isBroken = isBroken;
    const reason = isBroken
      ? "its reader has closed it; lines for it are dropped from here on"
      : `${error}; lines for it are lost`;
    if (reason === this.#trouble) return;
    this.#trouble = reason;
    queueDiagnostic(`logdial: cannot write to <${this.#stream}>: ${reason}\n`);
  }

  #tellProgress(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when something has been written, or after a while: threads go their own ways. */
  async #progress(): Promise<void> {
    this.#start();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(resolve, PROGRESS_MS);
    await promise;
    clearTimeout(timer);
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
