/**
 * Workers of one peer that log at once: reads numbers of calls from stdin, has each worker make
 * them, and says on stderr how many milliseconds passed until all was written.
 *
 * Arguments: as those of `calls/program.ts`, with an empty file, then the number of workers.
 *
 * @module
 */
import { loadPeer } from "../calls/load_peer.ts";
import { answerLines } from "../answer_lines.ts";
import { tell } from "../../fixtures/tell.ts";

// Programs set up logging in main as well; our rings are written out by a thread of main's.
await loadPeer();
const workers = Array.from({ length: Number(Deno.args[3]) }, (_, at) => {
  const url = new URL("./worker.ts", import.meta.url).href;
  return new Worker(url, { type: "module", name: `Worker ${at}` });
});

/** Resolves when each worker has said something. */
function answers(): Promise<unknown> {
  return Promise.all(workers.map((worker) =>
    new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => reject(new Error(event.message));
    })
  ));
}

await answers();
tell("ready");
await answerLines(async (line) => {
  const begin = performance.now();
  const done = answers();
  for (const worker of workers) worker.postMessage(Number(line));
  await done;
  return performance.now() - begin;
});
Deno.exit();
