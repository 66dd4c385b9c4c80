import { reasonOf } from "../../core/values/thrown.ts";
import type { StarterPort } from "../../core/runtime/background_thread.ts";
import { PieceWriter } from "../../core/io/piece_writer.ts";
import { awaitOrder, endOrder, openPipeOrder, type PipeThreadAnswer } from "./pipe_order.ts";

/** What the pipe thread is given when it starts. */
export interface PipeThreadData {
  readonly stream: "stdout" | "stderr";
  /** Whether the stream is known not to block. */
  readonly isNonBlocking: boolean;
  /** Memory of the `PipeOrder`. */
  readonly memory: SharedArrayBuffer;
}

/** Writes what it is told to, in the calling thread, and blocks it for ever. */
export function runPipeThread(data: PipeThreadData, starter: StarterPort): void {
  const order = openPipeOrder(data.memory);
  const writer = new PieceWriter(Deno[data.stream], data.isNonBlocking);
  starter.postMessage({});
  for (;;) endOrder(order, write(writer, awaitOrder(order)));
}

function write(writer: PieceWriter, bytes: Uint8Array): PipeThreadAnswer {
  try {
    writer.writeAll(bytes);
    return {};
  } catch (error) {
    const isBroken = error instanceof Deno.errors.BrokenPipe;
    return { isBroken, error: reasonOf(error) };
  }
}
