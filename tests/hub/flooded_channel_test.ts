import { assertEquals } from "@std/assert";
import { UnheardOrders } from "../../src/hub/board/order_word.ts";
import { eventually } from "../harness/deadline.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

Deno.test("a hub that does not hear every message hears all that it is told once", async () => {
  using ports = PortBlock.claim(1);
  await using program = ChildProgram.deno("tests/fixtures/flooded_channel.ts", {
    args: [String(ports.first)],
  });
  assertEquals(await program.output(), "found 8 of 8");
});

Deno.test("an order is posted again until the hub has heard it", async () => {
  const orders = new UnheardOrders(), posted: string[] = [];
  let hears = false;
  const order = (name: string) => (word: SharedArrayBuffer) => {
    posted.push(name);
    if (hears) Atomics.store(new Int32Array(word), 0, 1);
  };
  orders.post(order("first"));
  hears = true;
  orders.post(order("second"));
  assertEquals(posted, ["first", "second"]);
  await eventually("the repetition", () => posted.length > 2 || undefined);
  assertEquals(posted, ["first", "second", "first"]);
  assertEquals(orders.repeat(), false);
  assertEquals(posted, ["first", "second", "first"]);
});
