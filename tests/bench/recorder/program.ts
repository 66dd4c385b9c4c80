/**
 * Makes calls in batches when it is told to, and says how many nanoseconds one took; with more
 * threads than one, each makes as many.
 *
 * Arguments: the mode, and the number of threads.
 *
 * @module
 */
import { stdinLines } from "../../fixtures/stdin_lines.ts";
import { type CallKind, type Mode, prepare } from "./calls.ts";

const [mode, threads] = Deno.args as [Mode, string];
const count = Number(threads);
const call = count === 1 ? prepare(mode) : undefined;
const workers = Array.from({ length: call === undefined ? count : 0 }, () => {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.postMessage(mode);
  return worker;
});

/** Resolves when each worker has said something. */
async function untilAll(): Promise<void> {
  await Promise.all(workers.map((worker) =>
    new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => reject(new Error(event.message));
    })
  ));
}

await untilAll();
console.log("ready");
for await (const line of stdinLines()) {
  const [kind, text] = line.split(" ") as [CallKind, string];
  const calls = Number(text);
  const begin = performance.now();
  if (call === undefined) {
    const done = untilAll();
    for (const worker of workers) worker.postMessage({ kind, calls });
    await done;
  } else call(kind, calls);
  console.log((performance.now() - begin) * 1e6 / (calls * count));
}
Deno.exit();
