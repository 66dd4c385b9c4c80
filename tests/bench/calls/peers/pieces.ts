import { jsonLine, textLine } from "../line_by_hand.ts";
import type { Peer } from "../peer.ts";

/** What a pipe takes whole. */
const PIECE_BYTES = 4096;
/** How long a line waits at most, in milliseconds. */
const WAIT_MS = 10;

const encoder = new TextEncoder();
const buffer = new Uint8Array(PIECE_BYTES);
let size = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** By hand, and lost with its thread: a buffer that its own thread writes to stdout. */
export const calls: Peer["calls"] = {
  "buffered-text": () => append(textLine()),
  "buffered-json": (at) => append(jsonLine(at)),
};

/** Writes what waits. */
export function flush(): Promise<void> {
  writeOut();
  return Promise.resolve();
}

function append(line: string): void {
  // A character takes at most three bytes.
  if (size + line.length * 3 > PIECE_BYTES) writeOut();
  size += encoder.encodeInto(line, buffer.subarray(size)).written;
  timer ??= setTimeout(writeOut, WAIT_MS);
}

function writeOut(): void {
  clearTimeout(timer);
  timer = undefined;
  if (size > 0) Deno.stdout.writeSync(buffer.subarray(0, size));
  size = 0;
}
