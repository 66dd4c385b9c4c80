import { assert, assertEquals, assertThrows } from "@std/assert";
import { MAX_TEXT_BYTES, SharedText } from "../../src/hub/board/shared_text.ts";

/** How often the texts are read. */
const READS = 20_000;

const WRITER = new URL("./shared_text_writer.ts", import.meta.url);

/** Starts a thread that replaces the text for ever, and waits until it does. */
async function startWriter(text: SharedText): Promise<Worker> {
  const worker = new Worker(WRITER, { type: "module" });
  worker.postMessage(text.buffers);
  await new Promise((resolve) => worker.onmessage = resolve);
  return worker;
}

/** Texts say how long they are, and are of one character each. */
function isWhole(text: string): boolean {
  const [length = "", body = ""] = text.split(":");
  return Number(length) === body.length && body === body.charAt(0).repeat(body.length);
}

Deno.test("a text that another thread replaces all the time is never torn, and nobody waits for it", async () => {
  const text = new SharedText();
  const worker = await startWriter(text);
  const seen = new Set<string>();
  const times: number[] = [];
  try {
    // The writer may be kept from the processor for a while.
    for (let read = 0; read < READS || seen.size <= 100; read++) {
      const begin = performance.now();
      const found = text.read();
      times.push(performance.now() - begin);
      assert(isWhole(found), `torn: ${found.slice(0, 80)}`);
      seen.add(found);
    }
  } finally {
    worker.terminate();
  }
  // A thread may lose the processor at any time: that is not waiting for the other one.
  times.sort((a, b) => a - b);
  const most = times[Math.floor(times.length * 0.99)]!;
  assert(most < 5, `${most} ms`);
});

Deno.test("two threads that both write and read neither tear nor stop each other", async () => {
  const text = new SharedText(), back = new SharedText();
  const worker = await startWriter(text);
  worker.postMessage(back.buffers);
  try {
    for (let number = 1; number <= 2000; number++) {
      back.write(`${number % 300}:${"z".repeat(number % 300)}`);
      assert(isWhole(text.read()));
    }
    // The other thread reads this one's between its own writes, and tells what was torn.
    const told = new Promise<number>((resolve) => worker.onmessage = ({ data }) => resolve(data));
    back.write("end");
    assertEquals(await told, 0);
  } finally {
    worker.terminate();
  }
});

Deno.test("a text too long to share is refused before anything is written", () => {
  const text = new SharedText();
  text.write("before");
  assertThrows(() => text.write("x".repeat(MAX_TEXT_BYTES + 1)), RangeError, "at most 16777216");
  assertEquals(text.read(), "before");
  text.write("é".repeat(MAX_TEXT_BYTES / 2));
  assertEquals(text.read().length, MAX_TEXT_BYTES / 2);
});
