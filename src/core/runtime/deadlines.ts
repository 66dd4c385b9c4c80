/** A timer that is so late, in milliseconds, has run out while its thread had no processor. */
const LATE_MS = 20;
/** How many turns of the event loop a thread is given then, to see what has come meanwhile. */
const LATE_TURNS = 5;

/**
 * One timer for many deadlines. A timer for each would cost more than most requests do, and
 * senders could have any number of timers made.
 *
 * A thread that has been kept from its processor, or stopped as by Ctrl-Z, first sees what has come
 * meanwhile: what is waited for may have been there in time, and timers run before it is read.
 */
export class Deadlines {
  readonly #due = new Map<() => void, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #armedFor = Infinity;
  /** Turns that are left until what is due is called, after the timer has been late. */
  #turns = 0;

  /** Calls `run` after `ms` unless it is removed before; if added again, the new time counts. */
  add(run: () => void, ms: number): void {
    const at = performance.now() + ms;
    this.#due.set(run, at);
    if (at < this.#armedFor) this.#arm(at);
  }

  /** Forgets a call that is not due yet. */
  remove(run: () => void): void {
    this.#due.delete(run);
  }

  /** Forgets all calls. */
  clear(): void {
    this.#due.clear();
    clearTimeout(this.#timer);
    this.#armedFor = Infinity;
    this.#turns = 0;
  }

  /**
   * Sets the timer. When nothing is due any more, the timer is left as it is: most deadlines are
   * removed before they are due, and to clear it each time would cost more.
   */
  #arm(at: number): void {
    this.#armedFor = at;
    // Without this, the runtime would keep the replaced timer until it is due, days maybe.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, at - performance.now()));
    // Where the program's own thread serves itself, the timer must not keep the program alive.
    Deno.unrefTimer(this.#timer);
  }

  #fire(): void {
    const now = performance.now();
    if (this.#turns === 0 && now - this.#armedFor > LATE_MS) this.#turns = LATE_TURNS + 1;
    if (this.#turns > 0 && --this.#turns > 0) return this.#arm(now + 1);
    this.#armedFor = Infinity;
    let next = Infinity;
    for (const [run, at] of [...this.#due]) {
      if (at > now) {
        next = Math.min(next, at);
        continue;
      }
      // A call that comes before may have removed this one.
      if (this.#due.delete(run)) run();
    }
    if (next < this.#armedFor) this.#arm(next);
  }
}
