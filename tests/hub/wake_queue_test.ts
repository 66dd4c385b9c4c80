import { assertEquals } from "@std/assert";
import { Board } from "../../src/hub/board.ts";
import { WakeQueue } from "../../src/hub/wake_queue.ts";

/** Threads that sleep, and the order in which they are woken. */
class Sleepers {
  readonly boards: Board[] = [];
  readonly woken: number[] = [];
  readonly #all: Promise<unknown>[] = [];

  constructor(count: number) {
    for (let number = 0; number < count; number++) {
      const board = new Board(new SharedArrayBuffer(4));
      this.boards.push(board);
      this.#all.push(board.untilTurned(board.signal)!.then(() => this.woken.push(number)));
    }
  }

  async untilAllWoken(): Promise<void> {
    // Waiting for shared memory does not keep a program alive.
    const alive = setInterval(() => {}, 1000);
    await Promise.all(this.#all);
    clearInterval(alive);
  }
}

function timersSetBy(run: () => void): number {
  const { setTimeout } = globalThis;
  let count = 0;
  globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
    count++;
    return setTimeout(...args);
  }) as typeof setTimeout;
  try {
    run();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  return count;
}

/** When everything that is ready to run has run. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("threads are woken when no request is on its way", async () => {
  const queue = new WakeQueue(), sleepers = new Sleepers(2);
  for (const board of sleepers.boards) queue.add(board);
  assertEquals(sleepers.woken, [], "what has been read at the same time comes first");
  await sleepers.untilAllWoken();
  assertEquals(sleepers.woken, [0, 1]);
});

Deno.test("threads are woken together, once the last request that was on its way is there", async () => {
  const queue = new WakeQueue(60_000), sleepers = new Sleepers(2);
  queue.expect("first");
  queue.expect("second");
  queue.add(sleepers.boards[0]!);
  queue.settle("first");
  await turn();
  assertEquals(sleepers.woken, []);
  queue.add(sleepers.boards[1]!);
  queue.settle("second");
  await sleepers.untilAllWoken();
  assertEquals(sleepers.woken, [0, 1]);
});

Deno.test("who says nothing is waited for once, and not for long", async () => {
  const queue = new WakeQueue(), sleepers = new Sleepers(1);
  queue.expect("silent");
  assertEquals(timersSetBy(() => queue.add(sleepers.boards[0]!)), 1);
  await sleepers.untilAllWoken();
  // The next change does not wait for it.
  const next = new Sleepers(1);
  assertEquals(timersSetBy(() => queue.add(next.boards[0]!)), 0);
  await next.untilAllWoken();
  queue.settle("silent");
});
