import { assertEquals } from "@std/assert";
import { Board, LEFT, SERVED } from "../../src/hub/board/board.ts";
import { DEADLINE_MS, eventually, within } from "../harness/deadline.ts";

const WAITER = new URL("./board_waiter.ts", import.meta.url);

/** A board that another thread waits at, and the state that it finds when it has waited. */
class WatchedBoard implements Disposable {
  readonly board = new Board(new SharedArrayBuffer(4));
  readonly found: Promise<number>;
  readonly #worker = new Worker(WAITER, { type: "module" });
  readonly #words = new Int32Array(this.board.buffers.header);
  /** Where the state is among the words. */
  readonly #at: number;

  constructor(ms: number) {
    this.board.state = SERVED;
    const before = [...this.#words];
    this.board.state = LEFT;
    this.#at = before.findIndex((word, at) => word !== this.#words[at]);
    this.board.state = SERVED;
    this.found = new Promise((resolve) => this.#worker.onmessage = ({ data }) => resolve(data));
    this.#worker.postMessage({ buffers: this.board.buffers, ms });
  }

  /** Wakes the thread as soon as it waits, as a hub does that sets the state that there is. */
  async wake(): Promise<void> {
    await eventually("a thread that waits", () => {
      return Atomics.notify(this.#words, this.#at) === 1 ? true : undefined;
    });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

Deno.test("a thread that waits for its hub waits on when the hub says the same again", async () => {
  using watched = new WatchedBoard(DEADLINE_MS);
  for (let times = 0; times < 3; times++) await watched.wake();
  watched.board.state = LEFT;
  assertEquals(await within(watched.found, () => "the thread"), LEFT);
});

Deno.test("a thread waits for its hub no longer than it means to", async () => {
  using watched = new WatchedBoard(1);
  assertEquals(await within(watched.found, () => "the thread"), SERVED);
});
