import { reasonOf } from "../../core/values/thrown.ts";
import type { ByteStream } from "../../core/io/byte_stream.ts";
import type { StarterPort } from "../../core/runtime/background_thread.ts";
import { writePieces } from "../../core/io/write_piece.ts";
import { awaitOrder, endOrder, openPipeOrder, type PipeThreadAnswer } from "./pipe_order.ts";

/** What the pipe thread is given when it starts. */
export interface PipeThreadData {
  readonly stream: "stdout" | "stderr";
  /** Where the order is that it is given. */
  readonly memory: SharedArrayBuffer;
}

/** Writes what it is told to, in the calling thread, and blocks it for ever. */
export function runPipeThread({ stream, memory }: PipeThreadData, starter: StarterPort): void {
  const order = openPipeOrder(memory);
  starter.postMessage({});
  for (;;) endOrder(order, write(Deno[stream], awaitOrder(order)));
}

function write(target: ByteStream, bytes: Uint8Array): PipeThreadAnswer {
  try {
    writePieces(target, bytes);
    return {};
  } catch (error) {
    const isBroken = error instanceof Deno.errors.BrokenPipe;
    return { isBroken, error: reasonOf(error) };
  }
}
