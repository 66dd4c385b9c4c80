import { assertEquals } from "@std/assert";
import { StdStream } from "../../src/core/io/std_stream.ts";

/** A pipe of so many bytes that does not block; its reader comes whenever it is full. */
class SmallPipe {
  /** Everything that was written. */
  text = "";
  /** Lengths of what was offered. */
  readonly offers: number[] = [];
  readonly #size: number;
  #room: number;

  constructor(size: number) {
    this.#size = this.#room = size;
  }

  /** Takes what a pipe would take: up to `PIPE_BUF` bytes whole or not at all. */
  writeSync(bytes: Uint8Array): number {
    this.offers.push(bytes.length);
    const taken = Math.min(bytes.length, this.#room);
    if (taken === 0 || (taken < bytes.length && bytes.length <= 4096)) {
      this.#room = this.#size;
      throw new Deno.errors.WouldBlock("full");
    }
    this.#room -= taken;
    this.text += new TextDecoder().decode(bytes.subarray(0, taken));
    return taken;
  }
}

Deno.test("a text is one write, however long it is", () => {
  const pipe = new SmallPipe(1 << 20);
  const stream = new StdStream(pipe, "<pipe>");
  for (const length of [5, 4096, 100_000]) stream.write("x".repeat(length));
  assertEquals(pipe.offers, [5, 4096, 100_000]);
});

Deno.test("a pipe that is full gets the rest, and from then on what it takes whole", () => {
  const pipe = new SmallPipe(10_000);
  const stream = new StdStream(pipe, "<pipe>");
  const texts = ["a", "b", "c"].map((letter) => letter.repeat(11_000));
  for (const text of texts) stream.write(text);
  assertEquals(pipe.text, texts.join(""));
  const [whole, rest, again, ...pieces] = pipe.offers;
  assertEquals([whole, rest, again], [11_000, 1000, 1000]);
  assertEquals(Math.max(...pieces), 4096);
});

Deno.test("a stream of the program's may keep what it gets, and log before it writes", () => {
  const kept: Uint8Array[] = [];
  const inner = new StdStream({ writeSync: (bytes) => kept.push(bytes) && bytes.length }, "<in>");
  const outer = new StdStream({
    writeSync(bytes) {
      inner.write(`${bytes.length} bytes come\n`);
      kept.push(bytes);
      return bytes.length;
    },
  }, "<out>");
  outer.write("first\n");
  outer.write("2nd\n");
  assertEquals(kept.map((bytes) => new TextDecoder().decode(bytes)), [
    "6 bytes come\n",
    "first\n",
    "4 bytes come\n",
    "2nd\n",
  ]);
});
