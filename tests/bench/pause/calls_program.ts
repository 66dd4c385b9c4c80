/**
 * The longest call of one peer in one scenario: reads numbers of calls from stdin, makes them,
 * and says on stderr how many milliseconds the longest took. Arguments: as `calls/program.ts`.
 *
 * @module
 */
import { TextLineStream } from "../../fixtures/text_line_stream.ts";
import { loadPeer } from "../calls/load_peer.ts";
import { longestOf } from "./longest_call.ts";

const { makeCalls, flush } = await loadPeer();
const encoder = new TextEncoder();
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(
  new TextLineStream(),
);
for await (const line of lines) {
  const longest = longestOf(Number(line), () => makeCalls(1));
  await flush();
  Deno.stderr.writeSync(encoder.encode(`${longest}\n`));
}
Deno.exit();
