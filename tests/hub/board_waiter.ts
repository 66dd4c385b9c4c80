/// <reference lib="deno.worker" />
/** Blocks while a board is `SERVED`, then posts the state that it has. */
import { Board, type BoardBuffers, SERVED } from "../../src/hub/board/board.ts";

self.onmessage = ({ data }: MessageEvent<{ buffers: BoardBuffers; ms: number }>) => {
  const board = new Board(data.buffers);
  board.waitWhile(SERVED, data.ms);
  self.postMessage(board.state);
};
