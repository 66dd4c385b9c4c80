import { assert, assertEquals } from "@std/assert";
import {
  encodeFrame,
  PROBE,
  QUICK_PROBE,
  type Readable,
  readRequest,
} from "../../src/wire/frame.ts";
import { parseAck, parseStatus, toChangeError } from "../../src/wire/message.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";

/** A connection that hands out at most so many bytes at a time. */
function source(bytes: Uint8Array, atOnce: number): Readable {
  let at = 0;
  return {
    read(into) {
      if (at >= bytes.length) return Promise.resolve(null);
      const piece = bytes.subarray(at, at + Math.min(atOnce, into.length));
      into.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length);
    },
  };
}

Deno.test("encodeFrame puts the length in front, big-endian and unsigned", () => {
  assertEquals([...encodeFrame(new Uint8Array(0))], [0, 0, 0, 0]);
  assertEquals([...encodeFrame(Uint8Array.of(7, 8))], [0, 0, 0, 2, 7, 8]);
  assertEquals([...encodeFrame(new Uint8Array(0x010203)).subarray(0, 4)], [0, 1, 2, 3]);
});

Deno.test("readRequest gives back any payload, in pieces of any size", async () => {
  const random = new SeededBytes(3);
  for (const length of [0, 1, 3, 4, 5, 1000, 16_384, 16_385, 70_000]) {
    const payload = random.take(length);
    for (const atOnce of [1, 3, 4096, 1 << 20]) {
      const request = await readRequest(source(encodeFrame(payload), atOnce), 1 << 20);
      assert(request.kind === "frame");
      assertEquals((request as { payload: Uint8Array }).payload, payload);
    }
  }
});

Deno.test("what follows a frame is no part of it", async () => {
  const bytes = Uint8Array.of(...encodeFrame(Uint8Array.of(1, 2)), 9, 9, 9);
  for (const atOnce of [1, 5, 100]) {
    const request = await readRequest(source(bytes, atOnce), 100);
    assertEquals(request, { kind: "frame", payload: Uint8Array.of(1, 2) });
  }
});

Deno.test("readRequest tells what else there may be", async (t) => {
  const text = (value: string) => new TextEncoder().encode(value);
  const cases: { desc: string; bytes: Uint8Array; kind: string; reason?: string }[] = [
    { desc: "nothing", bytes: new Uint8Array(0), kind: "nothing" },
    { desc: "a probe", bytes: PROBE, kind: "probe" },
    { desc: "a quick probe", bytes: QUICK_PROBE, kind: "probe" },
    { desc: "two other bytes", bytes: text("#\n"), kind: "refused", reason: "after 2 of 4" },
    { desc: "a probe and more", bytes: text("?\n?"), kind: "refused", reason: "after 3 of 4" },
    {
      desc: "text",
      bytes: text("GET / HTTP/1.1"),
      kind: "refused",
      reason: "another protocol",
    },
    {
      desc: "a huge length",
      bytes: Uint8Array.of(255, 255, 255, 255, 1),
      kind: "refused",
      reason: "a length of 4294967295 bytes is over the limit of 1000",
    },
    {
      desc: "an early end",
      bytes: Uint8Array.of(0, 0, 0, 9, 1, 2),
      kind: "refused",
      reason: "the frame ended after 2 of 9 bytes",
    },
  ];
  for (const { desc, bytes, kind, reason = "" } of cases) {
    await t.step(desc, async () => {
      const request = await readRequest(source(bytes, 1), 1000);
      assertEquals(request.kind, kind);
      const { reason: told = "" } = request as { reason?: string };
      assert(told.includes(reason), told);
    });
  }
});

Deno.test("the limit itself is allowed, a byte more is not", async () => {
  const frame = (length: number) => source(encodeFrame(new Uint8Array(length)), 4096);
  assertEquals((await readRequest(frame(1000), 1000)).kind, "frame");
  assertEquals((await readRequest(frame(1001), 1000)).kind, "refused");
});

Deno.test("answers of strangers are not taken for ours", async (t) => {
  const ours = { logdial: 1, name: "main", pid: 1, port: 9001 };
  const cases: { desc: string; line: string; ack: boolean; status: boolean }[] = [
    { desc: "nothing", line: "", ack: false, status: false },
    { desc: "HTTP", line: "HTTP/1.1 400 Bad Request", ack: false, status: false },
    { desc: "null", line: "null", ack: false, status: false },
    { desc: "a list", line: "[]", ack: false, status: false },
    { desc: "other JSON", line: '{"status":"applied","generation":1}', ack: false, status: false },
    { desc: "identity only", line: JSON.stringify(ours), ack: false, status: false },
    {
      desc: "an ack",
      line: JSON.stringify({ ...ours, status: "pending", generation: 0 }),
      ack: true,
      status: false,
    },
    {
      desc: "an unknown status",
      line: JSON.stringify({ ...ours, status: "maybe", generation: 0 }),
      ack: false,
      status: false,
    },
    {
      desc: "another protocol version",
      line: JSON.stringify({ ...ours, logdial: 2, status: "applied", generation: 0 }),
      ack: false,
      status: false,
    },
    { desc: "a status", line: JSON.stringify({ ...ours, levels: {} }), ack: false, status: true },
  ];
  for (const { desc, line, ack, status } of cases) {
    await t.step(desc, () => {
      assertEquals([parseAck(line) !== undefined, parseStatus(line) !== undefined], [ack, status]);
    });
  }
});

Deno.test("an error travels with its place", () => {
  const error = new ConfigError("Cannot", { section: "a", key: "b", line: 3 });
  const told = JSON.parse(JSON.stringify(toChangeError(error)));
  assertEquals([told.section, told.key, told.line], ["a", "b", 3]);
  assert(told.message.startsWith("Cannot"));
  assertEquals(toChangeError(new RangeError("x")), { message: "RangeError: x" });
  assertEquals(toChangeError("thrown"), { message: "thrown" });
  // What cannot be read is told all the same: its order would wait for ever, and all after it.
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const thrown of [Object.create(null), proxy]) {
    assertEquals(toChangeError(thrown), { message: "object that cannot be read" });
  }
});
