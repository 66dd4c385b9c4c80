import { assertEquals } from "@std/assert";
import { exitSignals, type WrittenAtEnd } from "../../src/hub/rings/exit_signals.ts";
import { eventually } from "../harness/deadline.ts";

Deno.test("a program that lives on after a signal has the next one held up as well", async () => {
  let left = 0;
  const part: WrittenAtEnd = {
    listeners: () => [],
    flush: () => Promise.resolve(),
    leave: () => Promise.resolve(void left++),
  };
  // It is one that no thread has told of; Deno itself has such a one for SIGUSR1.
  const keepAlive = () => {};
  Deno.addSignalListener("SIGUSR2", keepAlive);
  exitSignals.watch(part);
  try {
    for (const count of [1, 2]) {
      await eventually("the end of the signal before", () => !exitSignals.isEnding || undefined);
      Deno.kill(Deno.pid, "SIGUSR2");
      await eventually(`signal ${count}`, () => left === count || undefined);
    }
    await eventually("the end of the last one", () => !exitSignals.isEnding || undefined);
    assertEquals(left, 2);
  } finally {
    exitSignals.unwatch(part);
    Deno.removeSignalListener("SIGUSR2", keepAlive);
  }
});
