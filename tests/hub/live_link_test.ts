import { assertEquals } from "@std/assert";
import { openLiveLink, untilLinkBreaks } from "../../src/hub/board/live_link.ts";
import { within } from "../harness/deadline.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test("a thread has not ended because the hub has no descriptor left, or may not ask", async () => {
  const link = openLiveLink()!;
  const { connect } = Deno;
  let count = 0;
  const failing = (options: Deno.ConnectOptions) => {
    if (++count === 1) return Promise.reject(new Error("Too many open files (os error 24)"));
    return connect(options);
  };
  using connecting = replaced(Deno, "connect", failing as typeof connect);
  let isOver = false;
  const ends = untilLinkBreaks(link.addr).then(() => isOver = true);
  const conn = await within(link.accept(), () => "the hub's connection");
  assertEquals([isOver, count], [false, 2]);
  conn.close();
  await within(ends, () => "the end of the thread");
  link.close();
  await within(untilLinkBreaks(link.addr), () => "a thread that has ended before");

  connecting[Symbol.dispose]();
  const refuse = () => Promise.reject(new Deno.errors.NotCapable());
  using _ = replaced(Deno, "connect", refuse as typeof connect);
  void untilLinkBreaks(link.addr).then(() => isOver = false);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(isOver, true);
});
