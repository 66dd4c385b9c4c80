import { assertEquals } from "@std/assert";
import { PieceWriter } from "../../src/core/io/piece_writer.ts";

const SHORT = "a\n", LONG = `${"b".repeat(5000)}\n`;

Deno.test("a long line goes whole, until the stream has shown that it does not block", () => {
  const encoder = new TextEncoder(), pieces: number[] = [];
  let isFull = false;
  const writer = new PieceWriter({
    writeSync(bytes) {
      if (isFull) {
        isFull = false;
        throw new Deno.errors.WouldBlock();
      }
      pieces.push(bytes.length);
      return bytes.length;
    },
  });
  writer.writeAll(encoder.encode(SHORT + LONG + SHORT + SHORT));
  assertEquals([pieces.splice(0), writer.isNonBlocking], [[2, 5001, 4], false]);
  isFull = true;
  // How much of this one was taken cannot be known: it goes once more.
  writer.writeAll(encoder.encode(LONG + SHORT));
  assertEquals([pieces.splice(0), writer.isNonBlocking], [[5001, 2], true]);
  writer.writeAll(encoder.encode(LONG + SHORT));
  assertEquals(pieces, [4096, 907]);
});
