import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { assertEquals, assertMatch } from "@std/assert";

const THREAD = JSON.stringify(import.meta.resolve("../../src/core/runtime/thread.ts"));
const SOURCE = `
  import { parentPort } from "node:worker_threads";
  import { currentThread } from ${THREAD};
  parentPort.postMessage(currentThread().processName);
`;

/** What a thread of Node's is called in records and by the command. */
async function nameOf(options: { readonly name?: string }): Promise<string> {
  const url = new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`);
  const worker = new Worker(url, options);
  const [[name]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
  return name;
}

Deno.test("a thread of node:worker_threads has the name that it was given, or a number", async () => {
  assertEquals(await nameOf({ name: "importer" }), "importer");
  assertMatch(await nameOf({}), /^Worker-\d+$/);
});
