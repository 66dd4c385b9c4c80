import { assertEquals } from "@std/assert";
import { Connection, type RequestHandler } from "../../src/hub/server/connection.ts";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Deadlines } from "../../src/hub/server/deadlines.ts";
import { WakeQueue } from "../../src/hub/server/wake_queue.ts";
import { encodeFrame } from "../../src/wire/frame.ts";

/** Time goes 300 times as fast for whoever waits. */
class FastDeadlines extends Deadlines {
  override add(run: () => void, ms: number): void {
    super.add(run, ms / 300);
  }
}

function* endlessLines(): Generator<string> {
  for (;;) yield "x".repeat(1000);
}

Deno.test("a reader of a dump that takes nothing for too long is left alone, without a word", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  await peer.write(encodeFrame(new TextEncoder().encode("dump")));
  const handler: RequestHandler = {
    options: { ...DEFAULT_LIMITS, readTimeout: 300_000 },
    request: () => Promise.resolve({ lines: endlessLines }),
    refuse: ({ message }) => {
      throw new Error(message);
    },
    status: () => Promise.reject(new Error("not asked")),
  };
  const conn = await listener.accept();
  const deadlines = new FastDeadlines();
  // It would reject, which the hub tells as a fault of its own.
  assertEquals(await new Connection(conn, handler, deadlines, new WakeQueue()).serve(), undefined);
  deadlines.clear();
});
