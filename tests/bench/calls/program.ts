/**
 * One peer in one scenario: reads numbers of calls from stdin, makes them, and says on stderr
 * how long they took in milliseconds: the calls alone, and until all was written.
 *
 * Arguments: the peer's module, the scenario, and the file to write to if not stdout.
 *
 * @module
 */
import { TextLineStream } from "../../fixtures/text_line_stream.ts";
import { PEER, type Peer, SCENARIO } from "./peer.ts";

const { calls, flush } = await import(`./peers/${PEER}.ts`) as Peer;
const call = calls[SCENARIO];
if (call === undefined) {
  throw new TypeError(`Cannot measure ${SCENARIO}: ${PEER} has no call for it`);
}
const encoder = new TextEncoder();

// One call site for all peers; in each process it only ever sees one function.
function makeCalls(call: (at: number) => void, count: number): void {
  for (let at = 0; at < count; at++) call(at);
}

const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(
  new TextLineStream(),
);
for await (const line of lines) {
  const count = Number(line);
  const begin = performance.now();
  makeCalls(call, count);
  const called = performance.now();
  await flush?.();
  const written = performance.now();
  Deno.stderr.writeSync(encoder.encode(`${called - begin} ${written - begin}\n`));
}
