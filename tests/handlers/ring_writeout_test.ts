import { assertEquals } from "@std/assert";
import { FREE, HELD, openLineRing, STATE } from "../../src/core/shared/line_ring.ts";
import { ListenerCounts } from "../../src/hub/rings/listener_counts.ts";
import { RingWriteout } from "../../src/hub/rings/ring_writeout.ts";
import { eventually } from "../harness/deadline.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test({
  name: "the hub lets go of an idle ring of whose thread's end it would not hear",
  // It listens to signals while it has rings.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const { now } = performance;
    let passed = 0;
    using _ = replaced(performance, "now", () => now.call(performance) + passed);
    const listeners = new ListenerCounts().buffer, lock = undefined;
    const writeout = new RingWriteout(listeners);
    const [nodes, main] = ["node's", "main's"].map((id) => {
      const { buffer, words } = openLineRing(1024);
      Atomics.store(words, HELD, id === "main's" ? 1 : 0);
      return { words, request: { id, stream: "stderr", ring: buffer, listeners, lock } as const };
    });
    const areFree = () => [nodes!, main!].map(({ words }) => Atomics.load(words, STATE) === FREE);
    for (const { request } of [nodes!, main!]) writeout.attach(request);
    writeout.beat();
    assertEquals(areFree(), [false, false]);
    passed = 10_000;
    writeout.beat();
    await eventually("a ring that is free", () => areFree()[0] || undefined);
    writeout.attach(nodes!.request);
    writeout.beat();
    assertEquals(areFree(), [false, false], "one that lives asks again");
    await writeout.leave();
    writeout.beat();
    assertEquals(areFree(), [true, true]);
  },
});
