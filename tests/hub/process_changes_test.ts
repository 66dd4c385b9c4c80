import { assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import { Board } from "../../src/hub/board/board.ts";
import { readOrder } from "../../src/hub/board/read_order.ts";
import { ProcessChanges } from "../../src/hub/server/process_changes.ts";
import { ServedThread } from "../../src/hub/server/served_thread.ts";
import { WakeQueue } from "../../src/hub/server/wake_queue.ts";

const OPTIONS = {
  ...DEFAULT_LIMITS,
  ports: [0, 0],
  isExact: true,
  hostname: "127.0.0.1",
  app: "",
  maxOverride: 1000,
  maxLines: 1000,
  takesV1: false,
  wireHandlers: [],
  verifies: false,
} as const;

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
      const board = new Board(new SharedArrayBuffer(4));
      const thread = new ServedThread(name, board, OPTIONS, new WakeQueue(), new Set());
      served.push(thread);
      changes.welcome(thread, []);
      return { thread, board };
    };
    const first = come("first"), second = come("second");
    const { order } = readOrder(CHANGE, "test", OPTIONS);
    if (!("command" in order)) throw new Error("not read as a change");
    const asked = { order, to: undefined, keys: [], payload: undefined };
    first.thread.give(changes.orderFor(first.thread, asked), { by: "test" });
    const late = come("late");
    assertEquals([first, second, late].map(({ board }) => board.published), [1, 0, 1]);
    second.thread.give(changes.orderFor(second.thread, asked), { by: "test" });
    assertEquals(second.board.published, 1);
  },
});
