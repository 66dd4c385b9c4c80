import { assertEquals } from "@std/assert";
import { BudgetSlot, newBudgetSlots } from "../../src/hub/board/budget_slots.ts";
import { BudgetLease } from "../../src/hub/thread/budget_lease.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test("a program that was stopped does not take its hub for dead, which was stopped with it", () => {
  const slots = newBudgetSlots(), ends: number[] = [], now = performance.now;
  const hub = new BudgetSlot(slots, 5);
  hub.begin(1, 1000);
  const lease = new BudgetLease(slots, 5, (lines) => ends.push(lines));
  assertEquals([lease.take(), lease.take()], [true, false]);
  let stopped = 60_000;
  using _ = replaced(performance, "now", () => now.call(performance) + stopped);
  assertEquals([lease.take(), ends], [false, []]);
  hub.give(1);
  assertEquals([lease.take(), lease.take()], [true, false]);
  // One that never answers ends the change.
  for (let looks = 0; looks < 3; looks++) {
    stopped += 1000;
    assertEquals(lease.take(), false);
  }
  assertEquals(ends, [2]);
});

Deno.test("the last line that is given back ends nothing, unless there is no more for anybody", () => {
  const slots = newBudgetSlots(), ends: number[] = [];
  const hub = new BudgetSlot(slots, 5);
  hub.begin(2, 0);
  const lease = new BudgetLease(slots, 5, (lines) => ends.push(lines));
  for (let time = 0; time < 5; time++) {
    assertEquals([lease.take(), lease.take()], [true, true]);
    lease.giveBack();
    lease.settle();
    lease.giveBack();
    assertEquals([hub.left, ends], [2, []]);
  }
  assertEquals([lease.take(), lease.take()], [true, true]);
  hub.end();
  lease.giveBack();
  lease.settle();
  assertEquals([hub.left, ends.length], [0, 1]);
});
