import { reasonOf } from "../../core/values/thrown.ts";
import type { ByteStream } from "../../core/io/byte_stream.ts";
import type { StarterPort } from "../../core/runtime/background_thread.ts";
import { writePieces } from "../../core/io/write_piece.ts";

/** What the pipe thread is given when it starts. */
export interface PipeThreadData {
  readonly stream: "stdout" | "stderr";
  /** Where the bytes are that it is to write. */
  readonly memory: SharedArrayBuffer;
}

/** What became of an order. */
export interface PipeThreadAnswer {
  /** Message of the error, if it failed. */
  readonly error?: string;
  readonly isBroken?: boolean;
}

/** Writes as many bytes as it is told to, in the calling thread, and blocks it meanwhile. */
export function runPipeThread({ stream, memory }: PipeThreadData, starter: StarterPort): void {
  const bytes = new Uint8Array(memory);
  starter.hear((length: number) => {
    starter.postMessage(write(Deno[stream], bytes.subarray(0, length)));
  });
  starter.postMessage({});
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
