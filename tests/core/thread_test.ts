import { assert, assertEquals } from "@std/assert";
import { once } from "node:events";
import { Worker } from "node:worker_threads";

const SOURCE = `
import { parentPort } from "node:worker_threads";
import { currentThread } from ${
  JSON.stringify(import.meta.resolve("../../src/core/runtime/thread.ts"))
};
parentPort.postMessage(currentThread().processName);
`;

Deno.test("a thread of node:worker_threads is called by its name, or by its number", async () => {
  const nameOf = async (options: { name?: string }) => {
    const worker = new Worker(
      new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`),
      options as object,
    );
    const [name] = await once(worker, "message");
    await worker.terminate();
    return String(name);
  };
  assertEquals(await nameOf({ name: "mailer" }), "mailer");
  const name = await nameOf({});
  assert(/^Worker-\d+$/.test(name), name);
});
