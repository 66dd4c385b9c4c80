/**
 * One timer for many deadlines: a timer for each would cost more than what is waited for, and
 * whoever sends could have any number of them made.
 */
export class Deadlines {
  readonly #due = new Map<() => void, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #armedFor = Infinity;

  /** Calls `run` after `ms` unless it is taken back before; added again it has the new time only. */
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
  }

  /** The timer is not cleared when nothing is due any more: it seldom runs out, and is often set. */
  #arm(at: number): void {
    this.#armedFor = at;
    // The one that is replaced would be kept until it is due, days maybe.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, at - performance.now()));
    // On a thread of the program's own it must not keep the program alive.
    Deno.unrefTimer(this.#timer);
  }

  #fire(): void {
    this.#armedFor = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const [run, at] of [...this.#due]) {
      if (at > now) {
        next = Math.min(next, at);
        continue;
      }
      // One that is called before may take others back.
      if (this.#due.delete(run)) run();
    }
    if (next < this.#armedFor) this.#arm(next);
  }
}
