/**
 * Our side of the change benchmarks: one process whose main thread and workers listen.
 *
 * It waits for a byte on its standard input before it starts to idle or compute.
 *
 * @module
 */
import { type ListenerOptions, listenForChanges, report, run } from "./listener.ts";

const { count, ...shared } = JSON.parse(Deno.args[0]!) as
  & { count: number }
  & Omit<ListenerOptions, "index">;

listenForChanges({ ...shared, index: 0 });
const workers: Worker[] = [];
for (let index = 1; index < count; index++) {
  const worker = new Worker(new URL("./fleet_worker.ts", import.meta.url), {
    type: "module",
    name: `Logging Worker #${index}`,
  });
  workers.push(worker);
  const ready = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage({ ...shared, index });
  await ready;
}
report("ready");
await Deno.stdin.read(new Uint8Array(1));
for (const worker of workers) worker.postMessage("go");
await run({ ...shared, index: 0 });
Deno.exit();
