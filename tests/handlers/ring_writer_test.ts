import { assert, assertEquals } from "@std/assert";
import { StdStream } from "../../src/core/std_stream.ts";
import { RingWriter } from "../../src/handlers/ring_writer.ts";
import { RingReader } from "../../src/hub/ring_reader.ts";

const NOW = Date.now() / 1000;

/** A thread's ring whose hub is the test. */
class RingBench {
  readonly writer: RingWriter;
  readonly reader: RingReader;
  /** What the thread has written itself. */
  direct = "";
  /** What the hub has written. */
  drained = "";

  constructor(size = 1024) {
    const target = {
      writeSync: (bytes: Uint8Array) => {
        this.direct += new TextDecoder().decode(bytes.slice());
        return bytes.length;
      },
    };
    this.writer = new RingWriter(new StdStream(target, "<stdout>"), target, size);
    this.reader = new RingReader(this.writer.ring.buffer);
  }

  write(text: string): void {
    this.writer.write(text, NOW);
  }

  /** Takes note of what the operating system has taken. */
  end(bytes: Uint8Array, count = bytes.length): void {
    this.drained += new TextDecoder().decode(bytes.slice(0, count));
    this.reader.end(count);
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

Deno.test("pieces end where lines do, unless a line is longer", () => {
  const bench = new RingBench();
  bench.reader.enter();
  bench.write("one\n");
  bench.write("two\n");
  bench.write(`${"x".repeat(20)}\n`);
  const pieces = [];
  for (;;) {
    const piece = bench.reader.begin(bench.reader.head, 10);
    if (piece === undefined) break;
    pieces.push(new TextDecoder().decode(piece.slice()));
    bench.end(piece);
  }
  assertEquals(pieces, ["one\ntwo\n", "x".repeat(10), "x".repeat(10), "\n"]);
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
