import { assertEquals } from "@std/assert";
import { Connection, type RequestHandler, whoGivesWay } from "../../src/hub/server/connection.ts";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Deadlines } from "../../src/hub/server/deadlines.ts";
import { WakeQueue } from "../../src/hub/server/wake_queue.ts";
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

Deno.test("where there are too many connections, one of those gives way that flood a port", () => {
  const one = (way: string, state: "silent" | "waiting" | "served") =>
    ({ way, busy: state !== "silent", isWaiting: state === "waiting" }) as Connection;
  const operator = one("10.0.0.1 9002", "silent");
  const served = one("10.0.0.1 9001", "served"), waiting = one("10.0.0.1 9001", "waiting");
  const silent = one("10.0.0.1 9001", "silent"), other = one("10.0.0.2 9001", "silent");
  const who = (most: number, ...connections: Connection[]) => whoGivesWay(connections, most);
  // Who has not asked anything, then who waits for a thread.
  assertEquals(who(5, operator, served, other, waiting, silent), silent);
  assertEquals(who(4, operator, other, served, waiting), waiting);
  // Those that are being served do not; then others do.
  assertEquals(who(3, served, served, operator), operator);
  assertEquals(who(2, served, served), undefined);
  // Those that have been told so are not closed yet.
  assertEquals(who(2, operator, served, waiting, silent), undefined);
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
