import { assert, assertEquals } from "@std/assert";
import {
  AWAKE,
  FULL,
  HELD,
  HURRY,
  NEVER,
  OWN,
  PILED,
  STATE,
  TAKEN,
  WANTED,
} from "../../src/core/shared/line_ring.ts";
import { StdStream } from "../../src/core/io/std_stream.ts";
import { RingWriter } from "../../src/handlers/rings/ring_writer.ts";
import { RingReader } from "../../src/hub/rings/ring_reader.ts";

const NOW = Date.now() / 1000;

/** A thread's ring whose hub is the test. */
class RingBench {
  readonly writer: RingWriter;
  readonly reader: RingReader;
  /** What the thread has written itself. */
  direct = "";
  /** What the hub has written. */
  drained = "";
  /** What both have written, as it came. */
  all = "";
  /** Bytes that there is room for where the thread writes. */
  room = Infinity;
  /** Hears of each write of the thread's, by its number. */
  onWrite: (count: number) => void = () => {};
  #writes = 0;
  /** Lengths of what the thread has written itself. */
  readonly pieces: number[] = [];

  constructor(size = 1024) {
    const target = {
      writeSync: (bytes: Uint8Array) => {
        this.onWrite(++this.#writes);
        if (this.room === 0) throw new Error("No space left on device");
        const written = Math.min(bytes.length, this.room);
        this.room -= written;
        this.pieces.push(written);
        const text = new TextDecoder().decode(bytes.slice(0, written));
        this.direct += text;
        this.all += text;
        return written;
      },
    };
    this.writer = new RingWriter(new StdStream(target, "<stdout>"), target, size);
    this.writer.ring.words[HELD] = 1;
    this.reader = new RingReader(this.writer.ring.buffer);
  }

  write(text: string): void {
    this.writer.write(text, NOW);
  }

  /** Takes note of what the operating system has taken. */
  end(bytes: Uint8Array, count = bytes.length): void {
    const text = new TextDecoder().decode(bytes.slice(0, count));
    this.drained += text;
    this.all += text;
    this.reader.end(count);
  }

  /** Writes so many lines of 1,000 bytes from a number on; returns them. */
  writeLines(from: number, count: number): string {
    let lines = "";
    for (let number = from; number < from + count; number++) {
      const line = `${number}`.padEnd(999, "x") + "\n";
      this.write(line);
      lines += line;
    }
    return lines;
  }

  /** Whether the thread has asked the hub to hurry. */
  get isHurried(): boolean {
    return this.writer.ring.words[HURRY] !== 0;
  }

  drain(most = 4096): void {
    for (;;) {
      const piece = this.reader.begin(this.reader.head, most);
      if (piece === undefined) return;
      this.end(piece);
    }
  }
}

Deno.test("without a hub, lines are written directly", () => {
  const bench = new RingBench();
  bench.write("one\n");
  assertEquals([bench.direct, bench.drained], ["one\n", ""]);
});

Deno.test("with a hub, lines are whole and in order, over the ring's end too", () => {
  const bench = new RingBench();
  assert(bench.reader.enter());
  let expected = "";
  for (let number = 0; number < 200; number++) {
    const line = `${number} ${"xä€😀"[number % 4]!.repeat(number % 37)}\n`.toWellFormed();
    expected += line;
    bench.write(line);
    if (number % 5 === 4) bench.drain();
  }
  assertEquals([bench.direct, bench.drained], ["", expected]);
});

Deno.test("pieces end where lines do, unless a line is longer, which may go whole", () => {
  const piecesOf = (isWhole: boolean) => {
    const bench = new RingBench();
    bench.reader.enter();
    for (const line of ["one", "two", "x".repeat(20), "three"]) bench.write(`${line}\n`);
    const pieces = [];
    for (;;) {
      const piece = bench.reader.begin(bench.reader.head, 10, isWhole);
      if (piece === undefined) return pieces;
      pieces.push(new TextDecoder().decode(piece.slice()));
      bench.end(piece);
    }
  };
  const long = "x".repeat(10);
  assertEquals(piecesOf(false), ["one\ntwo\n", long, long, "\nthree\n"]);
  assertEquals(piecesOf(true), ["one\ntwo\n", `${long}${long}\n`, "three\n"]);
});

Deno.test("who takes a ring over writes what is left, and nothing twice", () => {
  for (const isWriting of [false, true]) {
    const bench = new RingBench();
    bench.reader.enter();
    bench.write("one\n");
    bench.drain();
    bench.write("two\n");
    bench.write("three\n");
    const piece = isWriting ? bench.reader.begin(bench.reader.head, 5)! : undefined;
    bench.writer.takeOver();
    bench.write("four\n");
    if (piece !== undefined) bench.end(piece); // The hub was only slow.
    assertEquals(bench.drained, isWriting ? "one\ntwo\n" : "one\n");
    assertEquals(bench.direct, isWriting ? "three\nfour\n" : "two\nthree\nfour\n");
    assertEquals(bench.reader.begin(bench.reader.head, 10), undefined, "it is not the hub's");
  }
});

Deno.test("a piece that was taken in part is gone on with from there", () => {
  const bench = new RingBench();
  bench.reader.enter();
  bench.write("0123456789\n");
  bench.end(bench.reader.begin(bench.reader.head, 4096)!, 4);
  bench.end(bench.reader.begin(bench.reader.head, 4096)!, 0);
  bench.drain();
  assertEquals(bench.drained, "0123456789\n");
});

Deno.test("a hub that leaves hands over, and what comes as it leaves is not lost", () => {
  const bench = new RingBench();
  bench.reader.enter();
  bench.write("one\n");
  assert(!bench.reader.leave(), "not while something waits");
  bench.drain();
  assert(bench.reader.leave());
  bench.write("two\n");
  assertEquals([bench.drained, bench.direct], ["one\n", "two\n"]);
  assert(bench.reader.enter(), "it may come back");
  bench.write("three\n");
  bench.drain();
  assertEquals([bench.drained, bench.direct], ["one\nthree\n", "two\n"]);
});

Deno.test("a hub that sleeps is woken by the next line", async () => {
  const bench = new RingBench();
  bench.reader.enter();
  const { promise, resolve } = Promise.withResolvers<void>();
  assert(bench.reader.sleep(resolve));
  bench.write("one\n");
  await promise;
  bench.drain();
  assertEquals(bench.drained, "one\n");
  bench.write("two\n");
  assert(!bench.reader.sleep(() => {}), "not while something waits");
});

Deno.test("a full ring whose hub is dead is taken over, in order", () => {
  const bench = new RingBench(64);
  bench.reader.enter();
  let expected = "";
  for (let number = 0; number < 40; number++) {
    expected += `line ${number}\n`;
    bench.write(`line ${number}\n`);
  }
  assertEquals([bench.direct, bench.drained], [expected, ""]);
});

Deno.test("a line that is longer than the ring is gone on with directly if the hub is dead", () => {
  const bench = new RingBench(64);
  bench.reader.enter();
  bench.write("one\n");
  const long = `${"xä€".repeat(100)}\n`;
  bench.write(long);
  bench.write("two\n");
  assertEquals(bench.direct, `one\n${long}two\n`);
});

Deno.test("flush writes what a dead hub has left", () => {
  const bench = new RingBench();
  bench.reader.enter();
  bench.write("one\n");
  bench.writer.flush();
  assertEquals(bench.direct, "one\n");
});

/** Size of a ring in which more has room than what a thread lets pile up. */
const LARGE = 1 << 18;

Deno.test("a thread that may writes itself what piles up, by turns with the hub", () => {
  const bench = new RingBench(LARGE);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  let expected = "";
  for (let round = 0; round < 20; round++) {
    expected += bench.writeLines(round * 100, 100);
    bench.drain();
  }
  assertEquals(bench.all, expected);
  assertEquals([bench.direct.length, bench.drained.length], [20 * 66_000, 20 * 34_000]);
});

Deno.test("a thread that may not leaves all to the hub", () => {
  const bench = new RingBench(LARGE);
  bench.reader.enter();
  const expected = bench.writeLines(0, 200);
  bench.drain();
  assertEquals([bench.direct, bench.drained], ["", expected]);
});

Deno.test("a thread does not write while the hub does", () => {
  const bench = new RingBench(LARGE);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  let expected = bench.writeLines(0, 10);
  const piece = bench.reader.begin(bench.reader.head, LARGE)!;
  expected += bench.writeLines(10, 190);
  bench.writer.writeOwn();
  assertEquals(bench.direct, "");
  bench.end(piece);
  bench.writer.writeOwn();
  assertEquals([bench.all, bench.direct.length], [expected, 190_000]);
});

Deno.test("the hub does not write again what the thread has written meanwhile", () => {
  const bench = new RingBench(LARGE);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  let expected = bench.writeLines(0, 10);
  const { head } = bench.reader.place;
  bench.writer.writeOwn();
  assertEquals(bench.reader.begin(head, LARGE), undefined);
  expected += bench.writeLines(10, 5);
  assertEquals(bench.reader.begin(head, LARGE), undefined, "what was there then is written");
  bench.drain();
  assertEquals(bench.all, expected);
});

Deno.test("a thread that has written all begins at the ring's beginning again", () => {
  const bench = new RingBench(LARGE);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  bench.writeLines(0, 10);
  bench.writer.writeOwn();
  const line = bench.writeLines(10, 1);
  const { bytes } = bench.writer.ring;
  assertEquals(new TextDecoder().decode(bytes.slice(0, line.length)), line);
});

Deno.test("what a thread cannot write is not written again, and the hub hears why", () => {
  const bench = new RingBench(LARGE);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  const lost = bench.writeLines(0, 10);
  bench.room = 2500;
  bench.writer.writeOwn();
  assertEquals(bench.direct, lost.slice(0, 2500));
  assertEquals(bench.reader.takeFailure(), "No space left on device");
  assertEquals(bench.reader.takeFailure(), undefined);
  bench.room = Infinity;
  const kept = bench.writeLines(10, 100);
  assertEquals(bench.direct.length, 2500, "not before the hub lets it again");
  bench.drain();
  bench.reader.letWrite(PILED);
  const own = bench.writeLines(110, 66);
  assert(bench.direct === lost.slice(0, 2500) + own);
  assert(bench.all === lost.slice(0, 2500) + kept + own);
});

Deno.test("a long line that a thread cannot write is told by the hub, and the next one goes on", () => {
  const bench = new RingBench(1024);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  bench.room = 0;
  bench.write(`${"x".repeat(5000)}\n`);
  assertEquals(bench.reader.takeFailure(), "No space left on device");
  bench.write("two\n");
  bench.drain();
  assertEquals(bench.all, "two\n");
});

Deno.test("a thread that writes itself lets the hub have its ring", () => {
  const bench = new RingBench(LARGE);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  const { words } = bench.writer.ring;
  words[STATE] = TAKEN;
  bench.reader.leaveSoon();
  words[STATE] = AWAKE;
  const lines = bench.writeLines(0, 100);
  assertEquals(bench.direct, "", "it does not take the ring again");
  bench.drain();
  bench.reader.leaveSoon();
  assert(bench.reader.leave());
  assertEquals(bench.drained, lines);
});

Deno.test("a thread that flushes often still writes itself what piles up", () => {
  const bench = new RingBench(1 << 20);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  for (let round = 0; round < 2100; round++) {
    bench.write("x\n");
    bench.writer.writeOwn();
    bench.reader.sleep(() => {});
  }
  bench.direct = "";
  bench.writeLines(0, 100);
  assert(bench.direct.length >= 66_000, `${bench.direct.length} of 100,000 bytes`);
});

Deno.test("a line that is too long for the ring is written at once by a thread that may", () => {
  const bench = new RingBench(1024);
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  bench.write("one\n");
  const long = `${"x".repeat(5000)}\n`;
  bench.write(long);
  bench.write("two\n");
  bench.drain();
  assertEquals([bench.direct, bench.drained], [`one\n${long}`, "two\n"]);
});

Deno.test("the hub goes on where a thread has ended that was writing itself", () => {
  const bench = new RingBench();
  bench.reader.letWrite(PILED);
  bench.reader.enter();
  bench.write("one\n");
  bench.writer.ring.words[STATE] = TAKEN;
  bench.drain();
  assertEquals(bench.drained, "");
  bench.reader.inherit();
  bench.drain();
  assertEquals(bench.drained, "one\n");
});

Deno.test("all is known to be written by the only ring once it is empty", () => {
  const bench = new RingBench();
  bench.reader.enter();
  assert(!bench.writer.isAllWritten, "there may be others");
  bench.reader.tellOnly(true);
  assert(bench.writer.isAllWritten);
  bench.write("one\n");
  assert(!bench.writer.isAllWritten);
  bench.drain();
  assert(bench.writer.isAllWritten);
  bench.writer.takeOver();
  assert(!bench.writer.isAllWritten, "another hub may have others");
});

Deno.test("a hub that is asked to take a ring on while it leaves it still leaves", () => {
  const bench = new RingBench();
  bench.reader.enter();
  bench.reader.leaveSoon();
  assert(!bench.reader.enter());
  assert(bench.reader.isLeaving);
  assert(bench.reader.leave());
  assert(bench.reader.enter());
  assert(!bench.reader.isLeaving);
});

Deno.test("a long line that fails leaves the ring at the end of a line", () => {
  const bench = new RingBench(64);
  bench.reader.enter();
  bench.write("one\n");
  bench.room = 4;
  let thrown: unknown;
  try {
    bench.write(`${"x".repeat(300)}\n`);
  } catch (error) {
    thrown = error;
  }
  assertEquals((thrown as Error).message, "No space left on device");
  assert(bench.reader.place.isEnd);
});

Deno.test("a thread writes to a pipe itself when it has to wait for room, in pieces of whole lines", () => {
  const bench = new RingBench(1 << 14);
  bench.reader.letWrite(FULL);
  bench.reader.enter();
  const first = bench.writeLines(0, 16);
  assertEquals(bench.direct, "", "there is room");
  const second = bench.writeLines(16, 4);
  assertEquals(bench.direct, first.slice(0, 8000), "until half of it has room");
  assertEquals(bench.pieces, [4000, 4000]);
  bench.drain();
  assertEquals(bench.all, first + second);
});

Deno.test("a thread that waits for room writes before the hub begins its next piece", () => {
  const bench = new RingBench();
  bench.reader.letWrite(FULL);
  bench.reader.enter();
  bench.write("one\n");
  bench.write("two\n");
  const piece = bench.reader.begin(bench.reader.head, 4)!;
  const { words } = bench.writer.ring;
  words[WANTED] = 1; // As `flush` does.
  bench.end(piece);
  assertEquals(bench.reader.begin(bench.reader.head, 4), undefined);
  bench.writer.flush();
  assertEquals([bench.drained, bench.direct], ["one\n", "two\n"]);
});

Deno.test("the hub writes for a thread that has ended as it waited for room", () => {
  const bench = new RingBench();
  bench.reader.letWrite(FULL);
  bench.reader.enter();
  bench.write("one\n");
  bench.writer.ring.words[WANTED] = 1;
  bench.drain();
  assertEquals(bench.drained, "");
  bench.reader.inherit();
  bench.drain();
  assertEquals(bench.drained, "one\n");
});

Deno.test("a thread whose end nobody would hear of leaves all to the hub", () => {
  const bench = new RingBench();
  const { words } = bench.writer.ring;
  words[HELD] = 0;
  for (const when of [PILED, FULL]) {
    bench.reader.letWrite(when);
    bench.reader.enter();
    bench.write("one\n");
    words[WANTED] = 1;
    bench.writer.writeOwn();
    bench.drain();
  }
  assertEquals([bench.direct, bench.drained], ["", "one\none\n"]);
});

Deno.test("a thread leaves lines longer than a pipe takes whole to the hub", () => {
  const bench = new RingBench(1 << 14);
  bench.reader.letWrite(FULL);
  bench.reader.enter();
  const long = `${"x".repeat(5000)}\n`;
  bench.write("one\n");
  bench.write(long);
  bench.write("two\n");
  bench.writer.flush(); // The hub is dead, as it finds out in the end.
  assertEquals(bench.writer.ring.words[OWN], NEVER);
  assertEquals([bench.direct, bench.pieces], [`one\n${long}two\n`, [4, 5001, 4]]);
});

Deno.test("what a thread cannot write to a pipe is left to the hub", () => {
  const bench = new RingBench(1 << 14);
  bench.reader.letWrite(FULL);
  bench.reader.enter();
  const lines = bench.writeLines(0, 10);
  bench.onWrite = (count) => {
    if (count === 2) throw new Error("No space left on device");
  };
  bench.writer.flush(); // The hub is dead, as it finds out in the end.
  assertEquals(bench.writer.ring.words[OWN], NEVER);
  assertEquals(bench.reader.takeFailure(), undefined, "the hub would meet with it");
  assertEquals([bench.direct, bench.pieces], [lines, [4000, 4000, 2000]]);
});

Deno.test("a thread whose lines pile up asks the hub to hurry, unless it will write itself", async () => {
  for (const when of [NEVER, FULL]) {
    const bench = new RingBench(LARGE);
    bench.reader.letWrite(when);
    bench.reader.enter();
    bench.writeLines(0, 60);
    assertEquals(bench.isHurried, false);
    bench.writeLines(60, 60);
    assertEquals(bench.isHurried, when === NEVER);
    if (when === NEVER) await bench.reader.untilHurried();
  }
});
