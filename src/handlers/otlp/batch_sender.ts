import { getRaiseExceptions, writeDiagnostic } from "../../core/io/diagnostics.ts";
import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { type Flushable, flushAtEnd } from "../flush_at_end.ts";
import type { PostOutcome } from "./post_logs.ts";
import { type Finishing, holdEnd, letEnd } from "./program_end.ts";

/** Characters that may wait, and those of one request. */
const MAX_SIZE = 16 * 1024 * 1024, MAX_BATCH_SIZE = 1024 * 1024;
/** Pauses between tries, in milliseconds: each is twice the one before. */
const FIRST_PAUSE = 1000, LONGEST_PAUSE = 30_000;
/** Random part of a pause, so that not all programs try again at the same time. */
const JITTER = 0.2;
/** How often records are offered to a collector that answers, but does not take them. */
const MAX_TRIES = 10;
/** Longest time that a collector which does not answer holds up a flush, in milliseconds. */
const FLUSH_WAIT = 1000;
/** Losses are told at once, then no more often than that, in milliseconds. */
const TELL_EVERY = 60_000;

/** A record on its way out. */
export interface Item {
  /** Name of its logger. */
  readonly scope: string;
  readonly json: string;
}

/** What a {@linkcode BatchSender} needs to know. */
export interface BatchSenderOptions {
  /** Where records go, for messages. */
  readonly name: string;
  /** Sends one request; it must not reject. */
  post(items: readonly Item[]): Promise<PostOutcome>;
  /** How long records are collected, in milliseconds. */
  readonly delay: number;
  readonly batchSize: number;
  readonly queueSize: number;
}

/**
 * Records on their way out, many in each request, one request after the other.
 *
 * A log call puts its record here and goes on. A request is made when enough records have come,
 * or a while after the first, or when the program comes to its end, and never before the thread
 * yields. One that fails is made again, in longer and longer pauses; meanwhile records wait, up
 * to a bound. Those that are dropped are counted, and told on stderr.
 */
export class BatchSender implements Flushable, Finishing {
  readonly #options: BatchSenderOptions;
  #waiting: Item[] = [];
  #size = 0;
  #running: Promise<void> | undefined;
  /** The timer for the end of collecting, or for the next try. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The last pause, 0 if the last request has not failed. */
  #pause = 0;
  #tries = 0;
  /** Set while it waits for the next try: who has decided on the pause, it or the collector. */
  #failing: "by itself" | "as asked" | undefined;
  /** Requests that were answered, or have failed. */
  #answers = 0;
  #isClosing = false;
  #dropped = 0;
  #untold = 0;
  #toldAt = -Infinity;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
    flushAtEnd(this);
  }

  /** How many records were dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a record, unless too many are waiting. */
  push(item: Item): void {
    this.#isClosing = false;
    const { queueSize, batchSize, delay } = this.#options;
    if (this.#waiting.length >= queueSize || this.#size >= MAX_SIZE) {
      this.#drop(1, `${this.#waiting.length} are waiting`);
      return;
    }
    this.#waiting.push(item);
    this.#size += item.json.length;
    if (this.#running !== undefined || this.#failing !== undefined) return;
    // Nothing is collected for longer than there is room, or than fits into a request.
    const isFull = this.#waiting.length >= Math.min(batchSize, queueSize) ||
      this.#size >= MAX_BATCH_SIZE;
    if (isFull) this.#run();
    else this.#timer ??= this.#later(delay);
    holdEnd(this);
  }

  /**
   * Sends what is waiting. Resolves when all is out, or a try has failed, or nobody has answered
   * for a second.
   */
  async drain(): Promise<void> {
    if (this.#running === undefined) {
      if (this.#waiting.length === 0 || this.#failing === "as asked") return;
      this.#run();
    }
    while (this.#running !== undefined) {
      const before = this.#answers;
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const stopWaiting = giveUpAfter(FLUSH_WAIT, resolve);
      await Promise.race([this.#running, late]);
      stopWaiting();
      if (this.#answers === before) return;
    }
  }

  /** Tells what is lost if the program is over. */
  flush(isOver: boolean): void {
    if (isOver) this.#giveUp("the program has ended");
  }

  /** Sends what is waiting, and drops it if that fails. */
  close(): void {
    this.#isClosing = true;
    if (this.#waiting.length > 0 && this.#failing === undefined) this.#run();
    if (this.#running === undefined) this.#giveUp("the handler is closed");
  }

  /** Sends what waits, since the program is at its end; returns whether it has to wait for that. */
  finish(): boolean {
    if (this.#waiting.length === 0 || this.#failing !== undefined) return false;
    this.#run();
    return true;
  }

  #run(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#work();
  }

  async #work(): Promise<void> {
    // Nothing is sent within the log call.
    await undefined;
    let isMore = true;
    while (isMore && this.#waiting.length > 0) isMore = await this.#sendBatch();
    this.#running = undefined;
    if (this.#waiting.length === 0) {
      letEnd(this);
      // The records to be sent again were dropped meanwhile, so that there is no next try.
      if (this.#timer === undefined) this.#failing = undefined;
    }
    if (this.#isClosing) this.#giveUp("the handler is closed");
  }

  /** Sends the first records; resolves to whether more can be sent now. */
  async #sendBatch(): Promise<boolean> {
    const batch = this.#firstBatch();
    const outcome = await this.#post(batch);
    this.#answers++;
    if (outcome.kind === "later") {
      const isOver = outcome.isAnswered && ++this.#tries >= MAX_TRIES;
      if (isOver) this.#forget(batch.length, `${outcome.reason}, ${MAX_TRIES} times`);
      this.#retryLater(outcome.reason, outcome.after);
      return false;
    }
    const hasFailed = this.#pause > 0;
    this.#failing = undefined;
    this.#pause = 0;
    if (outcome.kind === "refused") {
      this.#forget(batch.length, outcome.reason);
      return true;
    }
    if (hasFailed) this.#tellRecovery();
    this.#forget(batch.length);
    this.#tellPart(Math.min(outcome.rejected, batch.length), outcome.message);
    return true;
  }

  /** Posts a batch; even an error of our own counts as an outcome, and does not end the program. */
  async #post(batch: readonly Item[]): Promise<PostOutcome> {
    try {
      return await this.#options.post(batch);
    } catch (error) {
      return { kind: "refused", reason: reasonOf(error) };
    }
  }

  #firstBatch(): Item[] {
    let count = 0, size = 0;
    for (const { json } of this.#waiting) {
      size += json.length;
      if (count === this.#options.batchSize || count > 0 && size > MAX_BATCH_SIZE) break;
      count++;
    }
    return this.#waiting.slice(0, count);
  }

  /** Takes the first records out of the queue: they are out, or lost for the reason `lostFor`. */
  #forget(count: number, lostFor?: string): void {
    for (const { json } of this.#waiting.splice(0, count)) this.#size -= json.length;
    this.#tries = 0;
    if (lostFor !== undefined) this.#drop(count, lostFor);
  }

  #tellRecovery(): void {
    this.#tell(`${this.#options.name} takes records again; ${this.#untold} were lost`);
    this.#untold = 0;
  }

  #retryLater(reason: string, after: number | undefined): void {
    const { name } = this.#options;
    if (this.#pause === 0) this.#tell(`cannot send records to ${name}: ${reason}`);
    this.#failing = after === undefined ? "by itself" : "as asked";
    this.#pause = Math.min(this.#pause === 0 ? FIRST_PAUSE : this.#pause * 2, LONGEST_PAUSE);
    const pause = this.#pause * (1 - JITTER * Math.random());
    this.#timer = this.#later(after ?? pause);
  }

  /** Starts a timer that does not keep the program alive. */
  #later(delay: number): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => this.#run(), delay);
    Deno.unrefTimer(timer);
    return timer;
  }

  /** Tells of records that the collector has refused in a request that it took, or of its warning. */
  #tellPart(rejected: number, message: string | undefined): void {
    if (rejected > 0) this.#drop(rejected, message ?? "the collector has rejected them");
    else if (message !== undefined && this.#mayTell()) {
      this.#tell(`${this.#options.name} says: ${message}`);
    }
  }

  #drop(count: number, reason: string): void {
    this.#dropped += count;
    this.#untold += count;
    if (this.#mayTell()) this.#tellLost(reason);
  }

  #mayTell(): boolean {
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY) return false;
    this.#toldAt = now;
    return true;
  }

  #tellLost(reason: string): void {
    const records = this.#untold === 1 ? "1 record" : `${this.#untold} records`;
    const were = this.#untold === 1 ? "was" : "were";
    this.#tell(`${records} for ${this.#options.name} ${were} lost: ${reason}`);
    this.#untold = 0;
  }

  /** Drops all records, and tells of losses that have not been told. */
  #giveUp(reason: string): void {
    clearTimeout(this.#timer);
    this.#timer = this.#failing = undefined;
    this.#pause = 0;
    letEnd(this);
    const count = this.#waiting.length;
    this.#waiting = [];
    this.#size = 0;
    this.#dropped += count;
    this.#untold += count;
    if (this.#untold > 0) this.#tellLost(reason);
  }

  #tell(text: string): void {
    if (getRaiseExceptions()) writeDiagnostic(`logdial: ${text}\n`);
  }
}
