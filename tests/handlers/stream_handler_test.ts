import { assert, assertEquals, assertThrows } from "@std/assert";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { captureStderr } from "./captured_stderr.ts";
import { logRecord } from "./log_record.ts";

Deno.test("setStream gives the old stream back, and nothing for the same one", () => {
  let flushed = 0;
  const written: string[] = [];
  const first = { write: () => {}, flush: () => void flushed++ };
  const second = { write: (text: string) => void written.push(text) };
  const handler = new StreamHandler(first);
  assertEquals(handler.setStream(first), undefined);
  assertEquals(handler.setStream(second), first);
  assertEquals([handler.stream, flushed], [second, 1]);
  handler.handle(logRecord("x"));
  assertEquals(written, ["x\n"]);
});

Deno.test("setStream refuses what is no stream, and keeps the one that it has", () => {
  const stream = { write: () => {} };
  const handler = new StreamHandler(stream);
  for (const wrong of [undefined, null, 5, "out", {}]) {
    const says = "it has neither write(text) nor writeSync(bytes)";
    assertThrows(() => handler.setStream(wrong as never), TypeError, says);
  }
  assertEquals(handler.stream, stream);
});

Deno.test("a handler and a record say what they are", () => {
  const named = (name: unknown) => `${new StreamHandler({ write: () => {}, name } as never)}`;
  assertEquals(named("out"), "<StreamHandler out (NOTSET)>");
  assertEquals(named(2), "<StreamHandler (NOTSET)>");
  assert(/^<LogRecord: .*>$/.test(`${logRecord("x")}`));
});

Deno.test("the root has many names, and asks nobody for a level or a handler", () => {
  const manager = new Manager();
  const { root } = manager;
  for (const one of [manager.getLogger(), manager.getLogger(""), manager.getLogger("root")]) {
    assert(one === root);
  }
  const child = manager.getLogger("a.b");
  assert(child.parent === root);
  assertEquals([child.hasHandlers(), child.isEnabledFor(30), child.isEnabledFor(20)], [
    false,
    true,
    false,
  ]);
  root.addHandler(new StreamHandler());
  assert(child.hasHandlers());
  child.propagate = false;
  assertEquals(child.hasHandlers(), false);
  child.setLevel("INFO");
  assertEquals([child.isEnabledFor(20), root.isEnabledFor(20)], [true, false]);
});

Deno.test("a stream whose flush rejects is told of when another is put in its place", async () => {
  const first = { write: () => {}, flush: () => Promise.reject(new Error("it is gone")) };
  const second = { write: () => {} };
  const handler = new StreamHandler(first);
  const text = await captureStderr(async () => {
    assertEquals(handler.setStream(second), first);
    await new Promise((resolve) => setTimeout(resolve));
  });
  assertEquals(
    text,
    "logdial: cannot flush the stream of <StreamHandler (NOTSET)>: Error: it is gone\n",
  );
});
