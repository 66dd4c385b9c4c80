/** One timer for many deadlines: a timer for each would cost more than what is waited for. */
export class Deadlines {
  readonly #due = new Map<() => void, number>();
  #armedFor = Infinity;

  /** Calls `expire` after `ms` unless it is taken back before. */
  add(expire: () => void, ms: number): void {
    const at = performance.now() + ms;
    this.#due.set(expire, at);
    if (at < this.#armedFor) this.#arm(at);
  }

  /** Takes one back. */
  remove(expire: () => void): void {
    this.#due.delete(expire);
  }

  /** The timer runs out even if nothing is due any more: that is rarer than a deadline set. */
  #arm(at: number): void {
    this.#armedFor = at;
    const timer = setTimeout(() => this.#fire(at), Math.max(0, at - performance.now()));
    // On a thread of the program's own it must not keep the program alive.
    Deno.unrefTimer(timer);
  }

  #fire(armedFor: number): void {
    // One for an earlier time was set since, and has seen to the rest.
    if (armedFor !== this.#armedFor) return;
    const now = performance.now();
    let next = Infinity;
    for (const [expire, at] of this.#due) {
      if (at > now) {
        next = Math.min(next, at);
        continue;
      }
      this.#due.delete(expire);
      expire();
    }
    this.#armedFor = Infinity;
    if (next < Infinity) this.#arm(next);
  }
}
