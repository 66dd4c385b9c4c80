import { assert, assertEquals } from "@std/assert";
import { Board } from "../../src/hub/board/board.ts";
import { takeLock } from "../../src/hub/board/locks.ts";
import { Standby } from "../../src/hub/life/standby.ts";

/** Locks of one test; test files that run at the same time share those of the product. */
class Locks {
  readonly hub = `hub of ${crypto.randomUUID()}`;
  readonly alive = `alive of ${crypto.randomUUID()} `;

  /** Serves as the hub of a host, as soon as no other does; the function that is returned ends it. */
  async serve(threadId: string): Promise<() => void> {
    const worker = new Worker(
      `data:text/javascript,${
        encodeURIComponent(`
          const hold = (name) => navigator.locks.request(name, () => new Promise(() => {}));
          onmessage = ({ data }) => {
            for (const name of data) hold(name);
            postMessage("serves");
          };
        `)
      }`,
      { type: "module" },
    );
    worker.postMessage([this.hub, `${this.alive}${threadId}`]);
    await new Promise((resolve) => worker.onmessage = resolve);
    return () => worker.terminate();
  }

  /** Resolves when somebody waits for the end of the hub of this host; gives all that is waited for. */
  async untilAwaited(threadId: string): Promise<string[]> {
    for (;;) {
      // Deno's own types do not have them yet.
      const { locks } = navigator as unknown as {
        locks: { query(): Promise<{ readonly pending: readonly { readonly name: string }[] }> };
      };
      const names = (await locks.query()).pending.map(({ name }) => name);
      if (names.includes(`${this.alive}${threadId}`)) return names;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function newStandby(): Standby {
  const standby = new Standby();
  standby.hear({ roster: [], recordings: [], takenBack: [], dumped: [] });
  return standby;
}

Deno.test("a hub that stands by does not wait for the hub's lock, which Deno may give to the dead", async () => {
  const locks = new Locks();
  const end = await locks.serve("first");
  const needed = newStandby().untilNeeded(locks, "own");
  assert(!(await locks.untilAwaited("first")).includes(locks.hub));
  end();
  assertEquals(await needed, true);
  assertEquals(await takeLock(locks.hub), false, "it has the lock");
});

Deno.test("a hub that ends with the one that serves does not stand by", async () => {
  const locks = new Locks();
  const end = await locks.serve("own");
  assertEquals(await newStandby().untilNeeded(locks, "own"), false);
  end();
});

Deno.test("a hub that stands by has the threads attach to one that was faster", async () => {
  const locks = new Locks();
  const end = await locks.serve("first");
  const standby = newStandby();
  const board = new Board(new SharedArrayBuffer(4));
  standby.hear({ roster: [["thread", board.buffers]], recordings: [], takenBack: [], dumped: [] });
  const needed = standby.untilNeeded(locks, "own");
  await locks.untilAwaited("first");
  assertEquals(board.takeCall(), false);
  // It waits for the lock itself, and so gets it before anybody else can.
  const endSecond = await locks.serve("second");
  end();
  await locks.untilAwaited("second");
  assertEquals(board.takeCall(), true);
  endSecond();
  assertEquals(await needed, true);
  // A thread that has not come since has ended: what stands on its board may be out of date.
  standby.callBack({ inherit: () => assert(false, "nobody has come since") });
});
