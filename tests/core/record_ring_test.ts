import { assert, assertEquals, assertThrows } from "@std/assert";
import { readRecordRing, RecordRing } from "../../src/core/shared/record_ring.ts";

const decoder = new TextDecoder();

function textsOf(ring: RecordRing): string[] {
  return readRecordRing(ring.buffer).records.map(({ text }) => decoder.decode(text));
}

Deno.test("a record ring gives back what was written, whatever the characters", () => {
  const ring = new RecordRing(1 << 16);
  assertEquals(readRecordRing(ring.buffer), { records: [], overwritten: 0 });
  const texts = ["", "plain", "Überschuß", "日本語", "🎉 and \u0000", "x".repeat(ring.maxLength)];
  for (const [at, text] of texts.entries()) ring.write(10 + at, 1000.5 + at, at - 2, text);
  assertEquals(textsOf(ring), texts);
  const { records } = readRecordRing(ring.buffer);
  assertEquals(records.map(({ levelno, time, number }) => [levelno, time, number]), [
    [10, 1000.5, -2],
    [11, 1001.5, -1],
    [12, 1002.5, 0],
    [13, 1003.5, 1],
    [14, 1004.5, 2],
    [15, 1005.5, 3],
  ]);
});

Deno.test("a full record ring has the newest records without a gap, and counts the others", () => {
  const size = 1 << 13;
  const ring = new RecordRing(size);
  for (let number = 0; number < 5000; number++) {
    const text = `${number} ${"é".repeat((number * 7) % 300)}`;
    ring.write(10, number, number, text);
    if (number % 11 !== 0) continue;
    const { records, overwritten } = readRecordRing(ring.buffer);
    assertEquals(records.at(-1)!.number, number);
    assertEquals(overwritten + records.length, number + 1, "each is kept or counted");
    for (const [at, record] of records.entries()) {
      const wanted = overwritten + at;
      assertEquals(record.number, wanted);
      assertEquals(decoder.decode(record.text), `${wanted} ${"é".repeat((wanted * 7) % 300)}`);
    }
    const bytes = records.reduce((sum, { text }) => sum + text.length, 0);
    assert(number < 100 || bytes > size / 2, `${bytes} bytes of ${size} are kept`);
  }
});

Deno.test("a size that is no power of 2 is refused", () => {
  assertThrows(() => new RecordRing(100_000), RangeError, "must be a power of 2");
});
