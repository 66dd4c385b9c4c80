import { encodeFrame } from "../../wire/frame.ts";
import { isGone } from "../../wire/is_gone.ts";
import { Board, SERVED } from "../board/board.ts";
import type { Report } from "../board/orders.ts";
import { Hub } from "../server/hub.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_MAX_LINES,
  DEFAULT_MAX_OVERRIDE,
} from "../board/attach_options.ts";
import { HUB_REHEARSALS, REHEARSAL, rehearsed } from "./rehearsed_text.ts";

const HOSTNAME = "127.0.0.1";
/** Room for any answer to what is rehearsed. */
const ANSWER_BYTES = 4096;

/**
 * Sends changes to a thread that does not exist, on a port that is free and open only for
 * that long, so that the first real change finds its code compiled; threads do their part
 * with `rehearseChange`. Returns the answers: none where loopback is not allowed as a whole,
 * since Deno would ask, and fewer where it gives trouble, which is no fault of the program.
 */
export async function rehearseHub(): Promise<string[]> {
  const { state } = Deno.permissions.querySync({ name: "net", host: HOSTNAME });
  if (state !== "granted") return [];
  const board = new Board(new SharedArrayBuffer(4));
  const hub = new Hub(undefined);
  const options = {
    ...DEFAULT_LIMITS,
    ports: [0, 0],
    isExact: true,
    hostname: HOSTNAME,
    app: "",
    maxOverride: DEFAULT_MAX_OVERRIDE,
    maxLines: DEFAULT_MAX_LINES,
    takesV1: false,
    wireHandlers: [],
    verifies: false,
  } as const;
  const { buffers } = board;
  const nothing = {
    link: undefined,
    entries: [],
    file: undefined,
    watched: undefined,
    seen: [],
    isAgain: false,
    recorded: undefined,
    dumpTo: undefined,
  };
  hub.attach({ id: REHEARSAL, threadId: REHEARSAL, name: REHEARSAL, buffers, options, ...nothing });
  if (board.state !== SERVED) return [];
  const answers: string[] = [];
  try {
    for (let number = 0; number < HUB_REHEARSALS; number++) {
      answers.push(await send(rehearsed(number), board));
    }
  } catch (error) {
    if (!isGone(error) && !isRefused(error)) throw error;
  } finally {
    hub.detach(REHEARSAL);
  }
  return answers;
}

function isRefused(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.NotCapable;
}

/** As CPython's senders do, in two pieces; returns the answer. */
async function send(text: string, board: Board): Promise<string> {
  const conn = await Deno.connect({ hostname: HOSTNAME, port: board.port });
  try {
    return await sayFrame(conn, text, board);
  } finally {
    conn.close();
  }
}

async function sayFrame(conn: Deno.TcpConn, text: string, board: Board): Promise<string> {
  const seen = board.signal;
  const frame = encodeFrame(new TextEncoder().encode(text));
  await conn.write(frame.subarray(0, 4));
  await conn.write(frame.subarray(4));
  const bytes = new Uint8Array(ANSWER_BYTES);
  const reading = conn.read(bytes);
  // A frame that does not become a change is answered at once, such as one that took too long.
  await Promise.race([board.untilTurned(seen), reading]);
  if (board.published > board.answered) answer(board);
  return new TextDecoder().decode(bytes.subarray(0, await reading ?? 0));
}

/** Answers on the board, as a thread would. */
function answer(board: Board): void {
  const levels = { root: "ERROR", app: "ERROR" };
  const outcomes = [{ id: board.published, previous: levels, levels }];
  const report: Report = { outcomes, levels, changed: null, overrides: [], notes: {} };
  board.answer(JSON.stringify(report), board.published);
}
