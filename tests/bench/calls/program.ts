/**
 * One peer in one scenario: reads numbers of calls from stdin, makes them, and says on stderr
 * how long they took in milliseconds: the calls alone, and until all was written.
 *
 * Arguments: the peer's module, the scenario, and the file to write to if not stdout.
 *
 * @module
 */
import { answerLines } from "../answer_lines.ts";
import { loadPeer } from "./load_peer.ts";

const { makeCalls, flush } = await loadPeer();
await answerLines(async (line) => {
  const begin = performance.now();
  makeCalls(Number(line));
  const called = performance.now();
  await flush();
  const written = performance.now();
  return `${called - begin} ${written - begin}`;
});
// LogTape's buffered sink has a timer that would go on.
Deno.exit();
