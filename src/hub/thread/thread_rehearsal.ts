import { ReversibleChanges } from "../../config/apply/reversible_changes.ts";
import { standardRegistry } from "../../config/build/registry.ts";
import { Handler } from "../../core/handlers/handler.ts";
import { Manager } from "../../core/loggers/manager.ts";
import { SIGNAL } from "../../core/levels/signal.ts";
import { Board } from "../board/board.ts";
import type { LogEntry, Order, Post, PostedOrder, Report } from "../board/orders.ts";
import { readReport } from "../board/shared_answers.ts";
import { Inbox } from "./inbox.ts";
import { Recorder } from "./recorder.ts";
import { Watchers } from "./watchers.ts";
import { DEFAULT_MAX_LINES, DEFAULT_MAX_OVERRIDE } from "../board/attach_options.ts";
import { readOrder } from "../board/read_order.ts";
import { REHEARSAL, rehearsed, THREAD_REHEARSALS } from "../life/rehearsed_text.ts";

/** A change of levels as `set` sends it. */
const TURN = JSON.stringify({
  version: 1,
  incremental: true,
  loggers: { app: { level: "ERROR" }, rehearsal: { level: "NOTSET" } },
  logdial: { open: true },
});

/**
 * A handler that takes the records of the rehearsal and shows them to nobody. It has its own
 * `handle`, since a program may have patched that of `Handler`.
 */
class NowhereHandler extends Handler {
  /**
   * Has the parameters of `StreamHandler`, so that the reading of arguments is rehearsed as well.
   */
  constructor(_stream: unknown, level: number) {
    super(level);
  }

  override handle(): boolean {
    return true;
  }

  emit(): void {
    // `handle` below never calls this.
  }
}

const LIMITS = { maxOverride: DEFAULT_MAX_OVERRIDE, maxLines: DEFAULT_MAX_LINES };

/**
 * Carries out changes on loggers of its own, which nobody sees, so that the first real change finds
 * its code compiled: that is most of the time which it would take. Every step blocks the thread for
 * a few milliseconds at most; the last step gives the report.
 */
export function* rehearseChange(): Generator<void, Report> {
  const board = new Board(SIGNAL.buffer as SharedArrayBuffer);
  const registry = standardRegistry();
  registry.registerHandler("nowhere", NowhereHandler, { parameters: ["stream", "level"] });
  const manager = new Manager();
  const watchers = new Watchers(manager, new Recorder(manager, undefined, () => {}));
  const changes = new ReversibleChanges<LogEntry>(manager, registry);
  const inbox = new Inbox(board, manager, registry, changes, watchers, (payload) => payload);
  const give = (order: Order) => {
    const id = board.published + 1;
    const posted: PostedOrder = {
      id,
      order,
      sender: { by: REHEARSAL },
      at: new Date().toISOString(),
    };
    board.publish(JSON.stringify({ changes: [posted], awaited: id } satisfies Post), id);
    inbox.catchUpSilently();
  };
  for (let seq = 0; seq < THREAD_REHEARSALS; seq++) {
    yield;
    const text = rehearsed(seq);
    const { order } = readOrder(text, REHEARSAL, LIMITS);
    yield;
    if ("kind" in order) continue;
    const { sender: { by }, parsed } = order;
    const at = new Date().toISOString();
    give({ kind: "change", entry: { id: String(seq), seq, text, parsed, by, at, keys: [] } });
  }
  yield;
  // This also rehearses the notes of an answer: where records come out, and whether a logger is new.
  const at = new Date().toISOString();
  const turn = { id: "turn", seq: THREAD_REHEARSALS, text: TURN, by: REHEARSAL, at, keys: [] };
  give({ kind: "change", entry: turn });
  // The reset closes the handlers.
  give({ kind: "reset", seq: THREAD_REHEARSALS });
  return readReport(board.readOutbox());
}
