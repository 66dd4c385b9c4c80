import { assertEquals } from "@std/assert";
import { type Bell, WakeQueue } from "../../src/hub/connections/wake_queue.ts";
import { within } from "../harness/deadline.ts";
import { replaced } from "../harness/replaced.ts";

/** A thread that counts how often it is woken. */
class Sleeper implements Bell {
  wakes = 0;
  wakesOthers = false;
  /** What it was told when it was woken last. */
  told = false;
  #onWake = () => {};

  wake(): void {
    this.wakes++;
    this.told = this.wakesOthers;
    this.#onWake();
  }

  async untilWoken(times = 1): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onWake = () => this.wakes >= times && resolve();
    this.#onWake();
    await within(promise, () => `wake-up number ${times}`);
  }
}

/** When everything that is ready to run has run. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Number of timers that are set while something runs. */
function timersSetBy(run: () => void): number {
  const { setTimeout } = globalThis;
  let count = 0;
  const counted = (...args: Parameters<typeof setTimeout>) => {
    count++;
    return setTimeout(...args);
  };
  using _ = replaced(globalThis, "setTimeout", counted as typeof setTimeout);
  run();
  return count;
}

Deno.test("threads are woken when no request is on its way, and each time once", async () => {
  const queue = new WakeQueue(), first = new Sleeper(), second = new Sleeper();
  for (let times = 1; times <= 3; times++) {
    queue.add(first);
    queue.add(second);
    assertEquals(first.wakes, times - 1, "what has been read at the same time comes first");
    await second.untilWoken(times);
    await turn();
    assertEquals([first.wakes, second.wakes], [times, times]);
  }
});

Deno.test("threads are woken together, once the last request that was on its way is there", async () => {
  const queue = new WakeQueue(60_000), first = new Sleeper(), second = new Sleeper();
  queue.expect("first");
  queue.expect("second");
  queue.add(first);
  queue.settle("first");
  await turn();
  assertEquals(first.wakes, 0);
  queue.add(second);
  queue.settle("second");
  await second.untilWoken();
  await turn();
  assertEquals([first.wakes, second.wakes], [1, 1]);
});

Deno.test("threads know whether others are woken with them, so that they let them", async () => {
  const queue = new WakeQueue(), one = new Sleeper(), other = new Sleeper();
  queue.add(one);
  await one.untilWoken();
  assertEquals(one.told, false);
  queue.add(one);
  queue.add(other);
  await one.untilWoken(2);
  await other.untilWoken();
  await turn();
  assertEquals([one.told, other.told], [true, true]);
  assertEquals([one.wakesOthers, other.wakesOthers], [false, false], "that is over");
});

Deno.test("who says nothing is waited for once, and not for long", async () => {
  const queue = new WakeQueue(), sleeper = new Sleeper();
  for (let times = 1; times <= 5; times += 2) {
    queue.expect(`silent ${times}`);
    assertEquals(timersSetBy(() => queue.add(sleeper)), 1);
    await sleeper.untilWoken(times);
    // The next change does not wait for it.
    assertEquals(timersSetBy(() => queue.add(sleeper)), 0);
    await sleeper.untilWoken(times + 1);
  }
});

Deno.test("a wake-up that is due does not forget a request that has come since", async () => {
  const queue = new WakeQueue(60_000), first = new Sleeper(), second = new Sleeper();
  queue.add(first);
  queue.expect("late");
  await first.untilWoken();
  assertEquals(timersSetBy(() => queue.add(second)), 1);
  queue.settle("late");
  await second.untilWoken();
  await turn();
  assertEquals([first.wakes, second.wakes], [1, 1]);
});
