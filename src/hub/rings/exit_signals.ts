import { holdShared, untilLockEnds } from "../board/locks.ts";
import { pause } from "../../core/runtime/pause.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import { restartGrace } from "./restart_grace.ts";
import { EXIT_SIGNALS, type ListenerCounts } from "./listener_counts.ts";

/** How long a thread may take to count Node's listeners, in milliseconds: it may compute. */
const COUNT_MS = 500;
/** How long a program that lives on after a signal is given to handle it, in milliseconds. */
const AFTERMATH_MS = 500;
/**
 * A signal that comes so soon after the one that ends the program is that one again, in
 * milliseconds: a terminal sends Ctrl-C to all its programs, and `deno task` passes on its own.
 */
const SAME_MS = 300;

/** Held by every hub that has something to write before a signal ends the program. */
const ENDING_LOCK = "logdial.ending.2";

/**
 * Deno's own functions, as they are before `countOnDemand` counts the program's listeners: on a
 * thread that serves itself these here must not count as such, since no signal would end it then.
 */
const { addSignalListener, removeSignalListener } = Deno;

/** What has to be out before the program ends. */
export interface WrittenAtEnd {
  /** What threads say of the listeners of the program itself. */
  listeners(): Iterable<ListenerCounts>;
  /** Whether only the thread on which this runs says so, since no hub thread does it for all. */
  readonly isOnOwnThread?: boolean;
  /** Writes all, for a program that hears the signal and may go on. */
  flush(signal: Deno.Signal): Promise<void>;
  /** Writes all and lets go, since the signal ends the program. */
  leave(signal: Deno.Signal): Promise<void>;
}

/**
 * Holds signals up until all is written, then lets them end the program as they would have.
 *
 * The hub does so, and therefore signals are heard while the program computes. Another hub of the
 * process may have something to write too: the one that is done first waits for the other.
 */
class ExitSignals {
  readonly #parts = new Set<WrittenAtEnd>();
  #watched = new Map<Deno.Signal, () => void>();
  #isEnding = false;
  /** When the signal came that ends the program. */
  #endedAt = 0;
  /** Whether a SIGTERM has been held back that `deno run --watch` may have made up. */
  #isHeldBack = false;

  /** Whether all has been written, or is about to be, and the program ends. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Holds signals up for something. */
  watch(part: WrittenAtEnd): void {
    this.#parts.add(part);
    if (!this.#isEnding) this.#listen();
  }

  #listen(): void {
    if (this.#watched.size > 0) return;
    for (const [index, signal] of EXIT_SIGNALS.entries()) {
      const listener = () => void this.#take(signal, index);
      try {
        addSignalListener(signal, listener);
        this.#watched.set(signal, listener);
      } catch {
        // This system does not have the signal.
      }
    }
  }

  /** Leaves signals alone, unless they are held up for something else. */
  unwatch(part: WrittenAtEnd): void {
    this.#parts.delete(part);
    if (this.#parts.size === 0) this.#release();
  }

  #release(): void {
    for (const [signal, listener] of this.#watched) removeSignalListener(signal, listener);
    this.#watched.clear();
  }

  async #take(signal: Deno.Signal, index: number): Promise<void> {
    const came = performance.now();
    if (await this.#isHeard(index)) {
      await Promise.all(Array.from(this.#parts, (part) => part.flush(signal)));
      return;
    }
    if (signal === "SIGTERM" && !this.#isHeldBack) {
      this.#isHeldBack = true;
      await pause(restartGrace());
    }
    // Whoever sends a second signal does not want to wait, whatever is lost.
    if (this.#isEnding) {
      if (came - this.#endedAt < SAME_MS) return;
    } else {
      this.#isEnding = true;
      this.#endedAt = came;
      await holdShared(ENDING_LOCK, async () => {
        await Promise.all(Array.from(this.#parts, (part) => part.leave(signal)));
      });
      await untilLockEnds(ENDING_LOCK);
    }
    this.#release();
    // Main may hear the signal, of which it tells no worker: then it ends the program as it likes.
    if (this.#isWorkerAlone) await pause(AFTERMATH_MS);
    Deno.kill(Deno.pid, signal);
    setTimeout(() => this.#liveOn(), AFTERMATH_MS);
  }

  /**
   * A listener that nobody told us of keeps the program alive, or Deno itself, which does not end by
   * SIGUSR1: the next signal is held up as this one was.
   */
  #liveOn(): void {
    this.#isEnding = this.#isHeldBack = false;
    if (this.#parts.size > 0) this.#listen();
  }

  get #isWorkerAlone(): boolean {
    return !currentThread().isMain && [...this.#parts].every((part) => part.isOnOwnThread);
  }

  /** Whether the program itself listens to the signal: then the program decides what comes of it. */
  async #isHeard(index: number): Promise<boolean> {
    const all = [...this.#parts].flatMap((part) => [...part.listeners()]);
    await Promise.all(all.map((listeners) => listeners.untilWhole(COUNT_MS)));
    return all.some((listeners) => listeners.has(index));
  }
}

/** The signals that the calling thread holds up. */
export const exitSignals: ExitSignals = new ExitSignals();
