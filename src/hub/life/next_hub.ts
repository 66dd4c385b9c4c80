import { currentThread } from "../../core/runtime/thread.ts";
import { WatchedTime } from "../../core/shared/watched_time.ts";
import { type Board, FREE } from "../board/board.ts";
import { hasLocks } from "../board/locks.ts";
import { isWatched } from "../rings/is_watched.ts";
import type { AttachRequest } from "../server/attach_channel.ts";
import { START_TIMEOUT_MS } from "./hub_control.ts";
import { type HubStart, startHub } from "./start_hub.ts";

/** How often a request is repeated until the hub has heard it, in milliseconds. */
const REPEAT_MS = 5;
/** How often it is repeated if a hub is coming up that has got the request, in milliseconds. */
const REPEAT_LATER_MS = 50;
/**
 * The longer it has searched, the later it asks again, by this part of the time: Deno keeps the last
 * 256 messages of all channels for a thread that has no processor, and forgets those before, so that
 * a hub would not hear what others have told it once.
 */
const LATER = 1 / 16;
/** After `EAGER_MS` the request is repeated every `SELDOM_MS` only. */
const EAGER_MS = 2000, SELDOM_MS = 250;
/** How long a hub that runs already may take to answer, on main and in workers. */
const PATIENCE_MS = 5, WORKER_PATIENCE_MS = 100;
/** How much of the wait for a hub counts between two steps, in milliseconds. */
const MOST_AT_ONCE_MS = 1000;

/** How long a hub may take from its beginning to serve a thread to the end of that, in milliseconds. */
const BEGUN_TIMEOUT_MS = 2000;

const TOO_OLD: Pick<HubStart, "failure"> = { failure: () => "it needs Deno 2.9 or newer" };

/**
 * A thread's search for the hub that will serve it, its first one or the next after that has ended:
 * the thread asks again and again, and starts a hub if none answers. Every step returns at once, except
 * the one that starts a hub; a caller that has nothing else to do waits between the steps.
 */
export class NextHub {
  readonly #board: Board;
  readonly #ask: () => void;
  readonly #request: () => AttachRequest | undefined;
  readonly #begin = performance.now();
  readonly #waited = new WatchedTime(MOST_AT_ONCE_MS);
  /** Time since a hub has begun to serve the thread. */
  readonly #begun = new WatchedTime(MOST_AT_ONCE_MS);
  readonly #beat: number;
  #isWatched: boolean | undefined;
  /** When it asks again. */
  #askAt = -Infinity;
  #start: Pick<HubStart, "failure"> | undefined;
  /** Milliseconds between requests at first; more if a hub that is coming up has got the request. */
  readonly #repeat: number;

  /**
   * Searches a hub for `board`; `ask` posts the request. `start` is a hub that is coming up and has
   * got the request; one that is started here gets `request`, so that it serves this thread first,
   * and knows of the changes that there are before one that has just begun comes to it.
   */
  constructor(
    board: Board,
    ask: () => void,
    start?: HubStart,
    request: () => AttachRequest | undefined = () => undefined,
  ) {
    this.#board = board;
    this.#ask = ask;
    this.#request = request;
    this.#beat = board.heartbeat;
    board.state = FREE;
    this.#start = start;
    this.#repeat = start === undefined ? REPEAT_MS : REPEAT_LATER_MS;
    if (start !== undefined) this.#askAt = this.#begin + this.#repeat;
  }

  /** Whether the program may run under `deno run --watch`; looked at once, since steps must be quick. */
  get #mayBeRestarted(): boolean {
    return this.#isWatched ??= isWatched() ?? true;
  }

  /** Whether a hub has answered: the board's state tells how, or its heart beats again. */
  get isOver(): boolean {
    return !this.#board.isUnserved || this.#board.heartbeat !== this.#beat;
  }

  /** Whether no hub has answered in time, so that the one that holds the hub's lock seems to hang. */
  get isLate(): boolean {
    return this.#waited.passed > START_TIMEOUT_MS;
  }

  /** How long it has gone on, in milliseconds. */
  get age(): number {
    return performance.now() - this.#begin;
  }

  /** How long to wait between the steps, in milliseconds. */
  get pause(): number {
    const { age } = this;
    return age < EAGER_MS ? Math.max(this.#repeat, age * LATER) : SELDOM_MS;
  }

  /**
   * Takes the next step; returns why no hub can run, undefined as long as one may.
   *
   * What goes on of a program that `deno run --watch` has started anew starts no hub: it would be deaf to
   * the program that follows, and keep other hubs from it, since locks are the process's and channels
   * the program's. These are threads that a hub has told so, and workers that compute (`isComputing`)
   * after a hub of main's has ended; elsewhere that was main of another file of `deno test --parallel`.
   */
  step(isComputing = false): string | undefined {
    const now = performance.now();
    this.#waited.look();
    // A hub that has ended with its thread just then would keep every other one away for good.
    if (!this.#board.isBegun) this.#begun.reset();
    else if (this.#begun.look() > BEGUN_TIMEOUT_MS) this.#board.askAgain();
    if (now >= this.#askAt) {
      this.#askAt = now + this.pause;
      this.#ask();
    }
    const { isMain } = currentThread();
    const isLeft = isComputing && !isMain && this.#board.isOfMain && this.#mayBeRestarted;
    if (isLeft || this.#board.hasProgramEnded) return undefined;
    if (this.age > (isMain ? PATIENCE_MS : WORKER_PATIENCE_MS)) {
      this.#start ??= hasLocks() ? startHub([], this.#request(), isComputing) : TOO_OLD;
    }
    return this.#start?.failure();
  }
}
