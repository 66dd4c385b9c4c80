import { assert, assertEquals } from "@std/assert";
import { dump, get, scan, set } from "../../src/client/mod.ts";
import { giveUpAfter } from "../../src/core/runtime/give_up_after.ts";
import { holdThread } from "../fixtures/hold_thread.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";

/**
 * What comes of asking in a thread that stands still most of the time, each time for longer than it
 * waits for an answer.
 */
async function standingStill<T>(timeout: number, ask: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => holdThread(2 * timeout), 1);
  try {
    return await ask();
  } finally {
    clearInterval(timer);
  }
}

Deno.test("whoever stood still while others answered does not take them for silent", async (t) => {
  await using program = new OperatorProgram();
  const { port } = await program.until("MainProcess", () => true);
  const timeout = 120, targets = { port, timeout };
  await t.step("who is there", async () => {
    const [found] = await standingStill(timeout, () => scan(targets));
    assertEquals(found?.kind, "logdial");
  });
  await t.step("what became of a change", async () => {
    const done = await standingStill(timeout, () => set({ root: "DEBUG" }, targets));
    assertEquals(done.map(({ outcome }) => outcome), ["applied"]);
  });
  await t.step("what a thread tells", async () => {
    const [told] = await standingStill(timeout, () => get(targets));
    assertEquals(told?.outcome, "applied");
  });
  await t.step("what is kept", async () => {
    const lines = await standingStill(timeout, () => Array.fromAsync(dump(targets)));
    assertEquals(lines.filter((line) => "failure" in line), []);
  });
});

Deno.test("whoever stands still gives up a listener that says nothing all the same", async () => {
  using block = PortBlock.claim(1);
  const timeout = 40;
  using _mute = Deno.listen({ hostname: "127.0.0.1", port: block.first });
  const [found] = await standingStill(timeout, () => scan({ port: block.first, timeout }));
  assertEquals(found?.kind, "foreign");
});

Deno.test("a wait has its length where the thread runs, and can be ended", async () => {
  const begin = performance.now(), { promise, resolve } = Promise.withResolvers<void>();
  let isCalled = false;
  giveUpAfter(1, () => isCalled = true)();
  const keepsAlive = setInterval(() => {}, 1000);
  giveUpAfter(60, resolve);
  await promise;
  clearInterval(keepsAlive);
  assert(performance.now() - begin >= 60);
  assertEquals(isCalled, false);
});
