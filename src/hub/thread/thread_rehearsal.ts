import { standardRegistry } from "../../config/build/registry.ts";
import { Handler, KEEPS_NO_RECORDS } from "../../core/handler.ts";
import { Manager } from "../../core/manager.ts";
import { SIGNAL } from "../../core/signal.ts";
import { Board } from "../board/board.ts";
import type { Change, Order, Post, Report } from "../board/orders.ts";
import { Inbox } from "./inbox.ts";
import { DEFAULT_MAX_OVERRIDE } from "../board/options.ts";
import { readOrder } from "../board/read_order.ts";
import { REHEARSAL, rehearsed, THREAD_REHEARSALS } from "../life/rehearsed_text.ts";

/** Takes what the audit tells of the rehearsal, and shows it nobody, not even a patched `handle`. */
class NowhereHandler extends Handler {
  static readonly [KEEPS_NO_RECORDS] = true;

  /** Takes what `StreamHandler` and a level would, so that arguments are rehearsed as well. */
  constructor(_stream: unknown, level: number) {
    super(level);
  }

  override handle(): boolean {
    return true;
  }

  emit(): void {
    // It never gets that far.
  }
}

/**
 * Plays changes through on loggers of its own and with nobody who listens, so that the first
 * real one finds its code compiled: that is most of what it takes. Every step blocks the
 * thread for a few milliseconds at most; the last one gives what came of all.
 */
export function* rehearseChange(): Generator<void, Report> {
  const board = new Board(SIGNAL.buffer as SharedArrayBuffer);
  const registry = standardRegistry();
  registry.registerHandler("nowhere", NowhereHandler, { parameters: ["stream", "level"] });
  const inbox = new Inbox(board, new Manager(), registry, DEFAULT_MAX_OVERRIDE);
  const give = (order: Order, parsed?: string) => {
    const id = board.published + 1;
    const change: Change = { id, order, parsed, by: REHEARSAL, at: new Date().toISOString() };
    board.publish(JSON.stringify({ changes: [change], awaited: id } satisfies Post), id);
    inbox.catchUpSilently();
  };
  for (let number = 0; number < THREAD_REHEARSALS; number++) {
    yield;
    const text = rehearsed(number);
    const read = readOrder(text, REHEARSAL, DEFAULT_MAX_OVERRIDE);
    yield;
    if ("order" in read) give(read.order, read.parsed);
  }
  // Closes the handlers.
  give({ kind: "reset" });
  return JSON.parse(board.readOutbox()) as Report;
}
