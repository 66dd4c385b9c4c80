import { assert, assertEquals } from "@std/assert";
import { Connection, type RequestHandler } from "../../src/hub/connections/connection.ts";
import { takeIn } from "../../src/hub/connections/who_gives_way.ts";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Deadlines } from "../../src/core/runtime/deadlines.ts";
import { WakeQueue } from "../../src/hub/connections/wake_queue.ts";
import { encodeFrame } from "../../src/wire/frame.ts";
import { parseAck } from "../../src/wire/message.ts";
import { eventually } from "../harness/deadline.ts";

/** Time goes 300 times as fast for whoever waits. */
class FastDeadlines extends Deadlines {
  override add(run: () => void, ms: number): void {
    super.add(run, ms / 300);
  }
}

const HANDLER: RequestHandler = {
  options: { ...DEFAULT_LIMITS, readTimeout: 300_000 },
  request: () => Promise.reject(new Error("not asked")),
  refuse: ({ message }) => {
    throw new Error(message);
  },
  status: () => Promise.reject(new Error("not asked")),
};

function* endlessLines(): Generator<string> {
  for (;;) yield "x".repeat(1000);
}

Deno.test("a reader of a dump that takes nothing for too long is left alone, without a word", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  await peer.write(encodeFrame(new TextEncoder().encode("dump")));
  const request = () => Promise.resolve({ lines: endlessLines });
  const handler: RequestHandler = { ...HANDLER, request };
  const conn = await listener.accept();
  const deadlines = new FastDeadlines();
  // It would reject, which the hub tells as a fault of its own.
  assertEquals(await new Connection(conn, handler, deadlines, new WakeQueue()).serve(), undefined);
  deadlines.clear();
});

Deno.test("a connection that others want waits no longer for a thread, and hears what is known", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  await peer.write(encodeFrame(new TextEncoder().encode("change")));
  const request: RequestHandler["request"] = async (_payload, _by, hurry) => {
    await hurry;
    return { logdial: 1, name: "W", pid: 1, port: 1, generation: 0, status: "pending" };
  };
  const deadlines = new FastDeadlines();
  const handler: RequestHandler = { ...HANDLER, request };
  const conn = new Connection(await listener.accept(), handler, deadlines, new WakeQueue());
  assertEquals(conn.hurry(), false);
  const served = conn.serve();
  conn.since = -Infinity;
  await eventually("a connection that waits", () => conn.isWaiting || undefined);
  assert(conn.since > 0, "the time until the thread was asked counts as waiting for it");
  assertEquals([conn.hurry(), conn.hurry(), conn.isWaiting], [true, false, false]);
  await served;
  assertEquals(parseAck(await new Response(peer.readable).text())?.status, "pending");
  deadlines.clear();
});

Deno.test("a peer that has been refused and does not leave gives way, and keeps its answer", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  await peer.write(new Uint8Array([0xff, 0xff, 0xff, 0xff]));
  const deadlines = new FastDeadlines();
  const refuse: RequestHandler["refuse"] = (error) => {
    return { logdial: 1, name: "W", pid: 1, port: 1, generation: 0, status: "rejected", error };
  };
  const handler: RequestHandler = { ...HANDLER, refuse };
  const conn = new Connection(await listener.accept(), handler, deadlines, new WakeQueue());
  const served = conn.serve();
  await eventually("a connection that is answered", () => conn.isAnswered || undefined);
  const next = { way: "10.0.0.2 9001" } as Connection, connections = new Set([conn]);
  const ended: Promise<void>[] = [];
  assertEquals(await takeIn(next, connections, 1, (one) => ended.push(one)), true);
  await Promise.all([served, ...ended]);
  const { error } = parseAck(await new Response(peer.readable).text())!;
  assert(error!.message.startsWith("Cannot read the request: "), error!.message);
  deadlines.clear();
});

Deno.test("a request that came while the hub had no processor is read, though its time is over", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  const frame = encodeFrame(new TextEncoder().encode("change"));
  const request: RequestHandler["request"] = () =>
    Promise.resolve({ logdial: 1, name: "W", pid: 1, port: 1, generation: 0, status: "pending" });
  const options = { ...DEFAULT_LIMITS, readTimeout: 50 };
  const handler: RequestHandler = { ...HANDLER, options, request };
  const deadlines = new Deadlines();
  const conn = new Connection(await listener.accept(), handler, deadlines, new WakeQueue());
  await peer.write(frame.subarray(0, 6));
  const served = conn.serve();
  const writing = peer.write(frame.subarray(6));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  await Promise.all([served, writing]);
  assertEquals(parseAck(await new Response(peer.readable).text())?.status, "pending");
  deadlines.clear();
});
