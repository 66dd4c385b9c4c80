import { assert, assertEquals } from "@std/assert";
import {
  Connection,
  type RequestHandler,
  takeIn,
  whoGivesWay,
} from "../../src/hub/connections/connection.ts";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Deadlines } from "../../src/core/runtime/deadlines.ts";
import { WakeQueue } from "../../src/hub/connections/wake_queue.ts";
import { encodeFrame } from "../../src/wire/frame.ts";
import { parseAck } from "../../src/wire/message.ts";
import { eventually, within } from "../harness/deadline.ts";

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

Deno.test("where there are too many connections, one of those gives way that flood a port", () => {
  // Milliseconds for which each has been there; one that has just come, for less than none.
  const AGES = {
    ...{ silent: 60_000, late: 500, new: -60_000 },
    ...{ waiting: 60_000, asking: -60_000, served: 60_000, answered: -60_000 },
  };
  const one = (way: string, state: keyof typeof AGES) => {
    const isWaiting = state === "waiting" || state === "asking";
    const isAnswered = state === "answered";
    const busy = isWaiting || isAnswered || state === "served";
    const since = performance.now() - AGES[state];
    return { way, since, busy, isWaiting, isAnswered } as Connection;
  };
  const operator = one("10.0.0.1 9002", "silent");
  const served = one("10.0.0.1 9001", "served"), waiting = one("10.0.0.1 9001", "waiting");
  const silent = one("10.0.0.1 9001", "silent"), other = one("10.0.0.2 9001", "silent");
  const young = one("10.0.0.1 9001", "new"), late = one("10.0.0.1 9001", "late");
  // Who has its answer, whoever that is.
  const answered = one("10.0.0.3 9002", "answered");
  assertEquals(whoGivesWay([operator, served, other, late, silent, answered]), answered);
  // Who is slow in asking, then who waits for a thread, then who has not asked for a moment.
  assertEquals(whoGivesWay([operator, served, other, young, late, waiting, silent]), silent);
  assertEquals(whoGivesWay([operator, other, young, late, served, waiting]), waiting);
  assertEquals(whoGivesWay([operator, other, young, late, served]), late);
  // Those that are being served, or have come just now, do not, nor others in their place.
  const asking = one("10.0.0.1 9001", "asking");
  assertEquals(whoGivesWay([served, asking, young, operator]), undefined);
  // Unless it is urgent.
  assertEquals(whoGivesWay([served, served, young, operator], true), operator);
  assertEquals(whoGivesWay([served, served], true), undefined);
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
  await eventually("a connection that waits", () => conn.isWaiting || undefined);
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

Deno.test("of two connections that come in the same moment, neither makes the other give way", async () => {
  const ended: string[] = [];
  const one = (name: string, state: Partial<Connection>) => {
    const evict = () => Promise.resolve(void ended.push(name));
    const fresh = { way: "10.0.0.1 9001", since: 0, hurry: () => false, evict };
    return { ...fresh, ...state } as unknown as Connection;
  };
  const served = one("served", { busy: true });
  const connections = new Set([served, one("silent", { since: performance.now() - 60_000 })]);
  const first = one("first", {}), second = one("second", {});
  const coming = [first, second].map((connection) =>
    within(takeIn(connection, connections, 2, () => {}), () => "room")
  );
  assertEquals(await coming[0], true);
  assertEquals(ended, ["silent"]);
  connections.delete(served);
  assertEquals([await coming[1], ended, [...connections]], [true, ["silent"], [first, second]]);
});

Deno.test("a connection that comes while all are taken waits for others to be done, and not for long", async () => {
  const served = { way: "10.0.0.1 9001", busy: true, hurry: () => false } as Connection;
  const late = { way: "10.0.0.2 9001" } as Connection;
  const connections = new Set([served]), evicted: unknown[] = [];
  const comes = () =>
    within(takeIn(late, connections, 1, (ended) => evicted.push(ended)), () => "room, or none");
  assertEquals([await comes(), connections.has(late)], [false, false]);
  const coming = comes();
  connections.delete(served);
  assertEquals([await coming, connections.has(late), evicted], [true, true, []]);
});
