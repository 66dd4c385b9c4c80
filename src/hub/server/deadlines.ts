/** One timer for many deadlines: a timer for each would cost more than what is waited for. */
export class Deadlines {
  readonly #due = new Map<() => void, number>();
  #armedFor = Infinity;

  /** Calls `run` after `ms` unless it is taken back before. */
  add(run: () => void, ms: number): void {
    const at = performance.now() + ms;
    this.#due.set(run, at);
    if (at < this.#armedFor) this.#arm(at);
  }

  /** Forgets a call that is not due yet. */
  remove(run: () => void): void {
    this.#due.delete(run);
  }

  /** The timer is not cleared when nothing is due any more: it seldom runs out, and is often set. */
  #arm(at: number): void {
    this.#armedFor = at;
    const timer = setTimeout(() => this.#fire(at), Math.max(0, at - performance.now()));
    // On a thread of the program's own it must not keep the program alive.
    Deno.unrefTimer(timer);
  }

  #fire(armedFor: number): void {
    // A timer for an earlier time was set since, which sees to the rest.
    if (armedFor !== this.#armedFor) return;
    const now = performance.now();
    let next = Infinity;
    for (const [run, at] of this.#due) {
      if (at > now) {
        next = Math.min(next, at);
        continue;
      }
      this.#due.delete(run);
      run();
    }
    this.#armedFor = Infinity;
    if (next < Infinity) this.#arm(next);
  }
}
