import { encodeFrame } from "../wire/frame.ts";
import { Board } from "./board.ts";
import { Connection, type PeerConn } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import type { Report } from "./exchange.ts";
import { Gate } from "./gate.ts";
import { DEFAULT_LIMITS, DEFAULT_MAX_OVERRIDE, DEFAULT_PORTS } from "./options.ts";
import { REHEARSAL, REHEARSED } from "./rehearsed.ts";
import { requestHandler } from "./request_handler.ts";
import { ServedThread } from "./served_thread.ts";

/**
 * Takes changes for a thread that does not exist from a sender that does not exist, so that
 * the first real one finds its code compiled; threads do their part with `rehearseChange`.
 * Returns the answers.
 */
export async function rehearseHub(): Promise<string[]> {
  const board = new Board(new SharedArrayBuffer(4));
  const options = {
    ...DEFAULT_LIMITS,
    ports: DEFAULT_PORTS,
    hostname: "127.0.0.1",
    app: "",
    maxOverride: DEFAULT_MAX_OVERRIDE,
    verifies: false,
  };
  const thread = new ServedThread(REHEARSAL, board, options, () => {});
  const handler = requestHandler(thread, new Gate(undefined, () => {}));
  const deadlines = new Deadlines();
  const answers: string[] = [];
  for (const text of REHEARSED) {
    const seen = board.signal;
    const line = new FrameLine(text);
    const served = new Connection(line, handler, deadlines).serve();
    await board.untilTurned(seen);
    answer(board);
    await served;
    answers.push(line.answer);
  }
  thread.release();
  return answers;
}

/** As the thread would. */
function answer(board: Board): void {
  const levels = { root: "ERROR", app: "ERROR" };
  const outcomes = [{ id: board.published, previous: levels, levels }];
  const report: Report = { outcomes, levels, changed: null, overrides: [] };
  board.answer(JSON.stringify(report), board.published);
}

/** A connection on which one configuration arrives. */
class FrameLine implements PeerConn {
  readonly remoteAddr = { transport: "tcp", hostname: REHEARSAL, port: 0 } as const;
  answer = "";
  #rest: Uint8Array;

  constructor(text: string) {
    this.#rest = encodeFrame(new TextEncoder().encode(text));
  }

  read(into: Uint8Array): Promise<number | null> {
    const part = this.#rest.subarray(0, into.length);
    into.set(part);
    this.#rest = this.#rest.subarray(part.length);
    return Promise.resolve(part.length || null);
  }

  write(bytes: Uint8Array): Promise<number> {
    this.answer += new TextDecoder().decode(bytes);
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    // Nothing is open.
  }
}
