/**
 * Reads ports and numbers of requests from stdin, keeps the server there busy with that many
 * requests over 20 connections, and says on stdout how many milliseconds that took.
 *
 * @module
 */
import autocannon from "npm:autocannon@8.0.0";
import { stdinLines } from "../../fixtures/stdin_lines.ts";

for await (const line of stdinLines()) {
  const [port, amount] = line.split(" ").map(Number) as [number, number];
  console.log(await timeOf(port, amount));
}

/** Its own results are for whole seconds. */
async function timeOf(port: number, amount: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/`;
  const { promise, resolve } = Promise.withResolvers<number>();
  let answered = 0;
  const begin = performance.now();
  const run = autocannon({ url, connections: 20, duration: 60 });
  run.on("response", (_client: unknown, status: number) => {
    if (status !== 200) throw new Error(`Cannot measure: the server answers with ${status}`);
    if (++answered !== amount) return;
    resolve(performance.now() - begin);
    run.stop();
  });
  await run;
  return await promise;
}
