import { encodeFrame } from "../wire/frame.ts";
import { Board, SERVED } from "./board.ts";
import type { Report } from "./exchange.ts";
import { Hub } from "./hub.ts";
import { DEFAULT_LIMITS, DEFAULT_MAX_OVERRIDE } from "./options.ts";
import { HUB_REHEARSALS, REHEARSAL, rehearsed } from "./rehearsed.ts";

const HOSTNAME = "127.0.0.1";
/** Room for any answer to what is rehearsed. */
const ANSWER_BYTES = 4096;

/**
 * Sends changes to a thread that does not exist, on a port that is free and open only for
 * that long, so that the first real change finds its code compiled; threads do their part
 * with `rehearseChange`. Returns the answers; none where the network is allowed in part
 * only, since Deno would ask.
 */
export async function rehearseHub(): Promise<string[]> {
  const { state } = Deno.permissions.querySync({ name: "net", host: HOSTNAME });
  if (state !== "granted") return [];
  const board = new Board(new SharedArrayBuffer(4));
  const hub = new Hub();
  const options = {
    ...DEFAULT_LIMITS,
    ports: [0, 0],
    hostname: HOSTNAME,
    app: "",
    maxOverride: DEFAULT_MAX_OVERRIDE,
    verifies: false,
  } as const;
  const { buffers } = board;
  const nothing = { livePort: 0, history: [], expiries: [] };
  hub.attach({ id: REHEARSAL, name: REHEARSAL, buffers, options, ...nothing });
  if (board.state !== SERVED) return [];
  try {
    const answers: string[] = [];
    for (let number = 0; number < HUB_REHEARSALS; number++) {
      answers.push(await send(rehearsed(number), board));
    }
    return answers;
  } finally {
    hub.detach(REHEARSAL);
  }
}

/** As CPython's senders do, in two pieces; returns the answer. */
async function send(text: string, board: Board): Promise<string> {
  const seen = board.signal;
  using conn = await Deno.connect({ hostname: HOSTNAME, port: board.port });
  const frame = encodeFrame(new TextEncoder().encode(text));
  await conn.write(frame.subarray(0, 4));
  await conn.write(frame.subarray(4));
  await board.untilTurned(seen);
  answer(board);
  const bytes = new Uint8Array(ANSWER_BYTES);
  return new TextDecoder().decode(bytes.subarray(0, await conn.read(bytes) ?? 0));
}

/** As the thread would. */
function answer(board: Board): void {
  const levels = { root: "ERROR", app: "ERROR" };
  const outcomes = [{ id: board.published, previous: levels, levels }];
  const report: Report = { outcomes, levels, changed: null, overrides: [] };
  board.answer(JSON.stringify(report), board.published);
}
