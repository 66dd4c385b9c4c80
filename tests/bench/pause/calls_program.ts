/**
 * The longest call of one peer in one scenario: reads numbers of calls from stdin, makes them,
 * and says on stderr how many milliseconds the longest took. Arguments: as `calls/program.ts`.
 *
 * @module
 */
import { answerLines } from "../answer_lines.ts";
import { loadPeer } from "../calls/load_peer.ts";
import { longestOf } from "./longest_call.ts";

const { makeCalls, flush } = await loadPeer();
await answerLines(async (line) => {
  const longest = longestOf(Number(line), () => makeCalls(1));
  await flush();
  return longest;
});
Deno.exit();
