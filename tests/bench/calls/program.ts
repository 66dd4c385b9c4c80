/**
 * One peer in one scenario: reads numbers of calls from stdin, makes them, and says on stderr
 * how long they took in milliseconds: the calls alone, and until all was written.
 *
 * Arguments: the peer's module, the scenario, and the file to write to if not stdout.
 *
 * @module
 */
import { TextLineStream } from "../../fixtures/text_line_stream.ts";
import { loadPeer } from "./load_peer.ts";

const { makeCalls, flush } = await loadPeer();
const encoder = new TextEncoder();

const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(
  new TextLineStream(),
);
for await (const line of lines) {
  const begin = performance.now();
  makeCalls(Number(line));
  const called = performance.now();
  await flush();
  const written = performance.now();
  Deno.stderr.writeSync(encoder.encode(`${called - begin} ${written - begin}\n`));
}
// LogTape's buffered sink has a timer that would go on.
Deno.exit();
