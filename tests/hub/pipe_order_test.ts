import { assertEquals } from "@std/assert";
import { within } from "../harness/deadline.ts";
import { endOrder, giveOrder, openPipeOrder } from "../../src/hub/rings/pipe_order.ts";

const PIECE = new TextEncoder().encode("a line\n");

Deno.test("an order of the pipe thread is done when it is, whatever the hub is woken by", async () => {
  const order = openPipeOrder(100);
  let answer: unknown;
  const done = giveOrder(order, PIECE).then((given) => answer = given);
  // As a thread does that was kept from its processor after the order before.
  Atomics.notify(order.words, 0);
  // The hub hears of that in a turn of its event loop.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(answer, undefined);
  endOrder(order, {});
  assertEquals(await within(done, () => "the order"), {});
});

Deno.test("what a pipe thread could not write is told with its reason", async () => {
  const order = openPipeOrder(100);
  const done = giveOrder(order, PIECE);
  endOrder(order, { error: "no space left", isBroken: false });
  assertEquals(await within(done, () => "the order"), { error: "no space left", isBroken: false });
  const broken = giveOrder(order, PIECE);
  endOrder(order, { error: "its reader has gone", isBroken: true });
  assertEquals(await within(broken, () => "the order"), {
    error: "its reader has gone",
    isBroken: true,
  });
});
