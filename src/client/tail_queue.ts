import type { TailLine } from "./tail_line.ts";

/** Lines of several connections in the order of their arrival. */
export class TailQueue implements AsyncIterable<TailLine> {
  #lines: TailLine[] = [];
  #open = 0;
  #failure: { error: unknown } | undefined;
  #isClosed = false;
  #wake = () => {};
  #taken = Promise.withResolvers<void>();

  /** One connection more. */
  begin(): void {
    this.#open++;
  }

  /** Takes a line of one of them. */
  push(line: TailLine): void {
    this.#lines.push(line);
    this.#wake();
  }

  /** One connection less; without any, the lines end. */
  end(): void {
    this.#open--;
    this.#wake();
  }

  /** Ends the lines with an error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }

  /** Resolves when somebody has taken all that there is now, at once if there is nothing. */
  async untilTaken(): Promise<void> {
    if (this.#lines.length > 0) await this.#taken.promise;
  }

  /** Ends the lines, and lets all go who wait: nobody will take what comes from now on. */
  close(): void {
    this.#isClosed = true;
    this.#taken.resolve();
    this.#wake();
  }

  /** The lines as they come. */
  async *[Symbol.asyncIterator](): AsyncGenerator<TailLine> {
    for (;;) {
      const lines = this.#lines, taken = this.#taken;
      this.#lines = [];
      this.#taken = Promise.withResolvers();
      try {
        yield* lines;
      } finally {
        taken.resolve();
      }
      if (this.#lines.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#open === 0 || this.#isClosed) return;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}
