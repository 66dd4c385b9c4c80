import { parentPort } from "node:worker_threads";
import { bytesBetween, openLineRing } from "../core/shared/line_ring.ts";
import { writePieces } from "../handlers/write_pieces.ts";

/** Where the pump thread finds this module; see `HUB_URL`. */
export const PUMP_URL: string = import.meta.url;

/** What the pump is to write. */
export interface PumpOrder {
  readonly stream: "stdout" | "stderr";
  readonly ring: SharedArrayBuffer;
  /** From where in the ring to where. */
  readonly start: number;
  readonly end: number;
}

/** What became of an order. */
export interface PumpAnswer {
  /** Message of the error, if it failed. */
  readonly error?: string;
  readonly isBroken?: boolean;
}

/** Writes what it is told to, in the calling thread, and blocks it meanwhile. */
export function runPump(): void {
  parentPort!.on("message", (order: PumpOrder) => parentPort!.postMessage(carryOut(order)));
  parentPort!.postMessage({});
}

function carryOut({ stream, ring, start, end }: PumpOrder): PumpAnswer {
  try {
    writePieces(Deno[stream], bytesBetween(openLineRing(ring), start, end));
    return {};
  } catch (error) {
    const isBroken = error instanceof Deno.errors.BrokenPipe;
    return { isBroken, error: error instanceof Error ? error.message : String(error) };
  }
}
