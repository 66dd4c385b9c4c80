import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Board } from "../../src/hub/board/board.ts";
import { readOrder } from "../../src/hub/board/read_order.ts";
import { type Asked, ProcessChanges } from "../../src/hub/server/process_changes.ts";
import { ServedThread } from "../../src/hub/server/served_thread.ts";
import { WakeQueue } from "../../src/hub/server/wake_queue.ts";

const OPTIONS = {
  ...DEFAULT_LIMITS,
  ports: [0, 0],
  isExact: true,
  hostname: "127.0.0.1",
  app: "",
  maxOverride: 3_600_000,
  maxLines: 1000,
  takesV1: false,
  wireHandlers: [],
  verifies: false,
} as const;

/** A thread on a board of its own, which answers nothing. */
function thread(name: string, wakes: WakeQueue = new WakeQueue()) {
  const board = new Board(new SharedArrayBuffer(4));
  return { thread: new ServedThread(name, board, OPTIONS, wakes, new Set()), board };
}

/** What a sender asks of a thread. */
function asked(text: string): Asked {
  const { order } = readOrder(text, "test", OPTIONS);
  if (!("command" in order)) throw new Error("not read as a change");
  return { order, to: undefined, keys: [], payload: undefined };
}

const CHANGE = JSON.stringify({
  version: 1,
  incremental: true,
  root: { level: "ERROR" },
  logdial: { id: "one" },
});

Deno.test({
  name:
    "a thread that comes while a change is sent gets it, and those that it is on its way to do not",
  // The hub looks once more for young threads later.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => {
    const served: ServedThread[] = [];
    const changes = new ProcessChanges(() => served);
    const come = (name: string) => {
      const one = thread(name);
      served.push(one.thread);
      changes.welcome(one.thread, []);
      return one;
    };
    const first = come("first"), second = come("second");
    const change = asked(CHANGE);
    first.thread.give(changes.orderFor(first.thread, change), { by: "test" });
    const late = come("late");
    assertEquals([first, second, late].map(({ board }) => board.published), [1, 0, 1]);
    second.thread.give(changes.orderFor(second.thread, change), { by: "test" });
    assertEquals(second.board.published, 1);
  },
});

Deno.test({
  name: "of changes that end by lines, only those in force count, for all threads alike",
  // The hub looks once more for young threads later, and waits for threads that ask for lines.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => {
    const served = ["first", "second"].map((name) => thread(name).thread);
    const changes = new ProcessChanges(() => served);
    for (const one of served) changes.welcome(one, []);
    let made = 0;
    const override = () => {
      const id = `change ${made++}`, loggers = { app: { level: "DEBUG" } };
      const config = { version: 1, incremental: true, loggers, logdial: { id, expires: "1h" } };
      return asked(JSON.stringify(config));
    };
    const seqOf = (one: ServedThread, change: Asked) => {
      const order = changes.orderFor(one, change);
      if (order.kind !== "change") throw new Error("not a change");
      return order.entry.seq;
    };
    const place = (change: Asked) => {
      const [first, second] = served.map((one) => seqOf(one, change));
      assertEquals(first, second);
    };
    const rollBack = () => {
      const back = asked(
        JSON.stringify({ logdial: { command: "rollback", steps: 1, id: `back ${made}` } }),
      );
      for (const one of served) changes.orderFor(one, back);
    };
    for (let kept = 0; kept < 63; kept++) {
      place(override());
      // Round all places once and more, past the first one's.
      for (let round = kept === 0 ? 66 : 1; round > 0; round--) {
        place(override());
        rollBack();
      }
    }
    place(override());
    const tooMuch = override();
    for (const one of served) {
      assertThrows(() => changes.orderFor(one, tooMuch), ConfigError, "64 that may log so many");
    }
    rollBack();
    place(override());
  },
});
