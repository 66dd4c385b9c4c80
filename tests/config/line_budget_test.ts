import { assertEquals } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import type { LineBudget } from "../../src/core/loggers/line_budget.ts";
import { turnSignal } from "../../src/core/levels/signal.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { FingersCrossedHandler } from "../../src/handlers/queues/fingers_crossed_handler.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** Lines in this thread; the last one ends the change. */
class Lines implements LineBudget {
  left: number;
  readonly #end: () => void;

  constructor(left: number, end: () => void) {
    this.left = left;
    this.#end = end;
  }

  take(): boolean {
    if (this.left > 0) return this.left-- > 0;
    this.#end();
    return false;
  }

  giveBack(): void {
    this.left++;
  }

  settle(): void {
    if (this.left === 0) this.#end();
  }
}

/** Loggers with a handler, and changes to them of which so many lines may come out. */
function begin(handlerLevel = 0) {
  const manager = new Manager();
  const handler = new ListHandler(handlerLevel);
  handler.opens = true;
  manager.root.addHandler(handler);
  manager.root.setLevel("INFO");
  const log = new ReversibleChanges(manager, standardRegistry());
  const lines = new Map<string, Lines>();
  log.linesOf = ({ id, lines: many }) => {
    if (many === undefined) return undefined;
    const known = lines.get(id) ?? new Lines(many, () => log.takeBack([id]));
    lines.set(id, known);
    return known;
  };
  let seq = 0;
  const change = (config: object, many?: number) => {
    const id = `c${++seq}`;
    const text = JSON.stringify({ version: 1, ...config });
    log.apply({ id, seq, text, by: "test", at: "", lines: many, expiresAt: 1e15 });
    return lines.get(id);
  };
  const set = (name: string, level: string, many?: number) => {
    const loggers = name === "root" ? {} : { [name]: { level } };
    const root = name === "root" ? { root: { level } } : {};
    return change({ incremental: true, loggers, ...root, logdial: { open: true } }, many);
  };
  /** How many of so many records come out. */
  const shown = (name: string, level: number, count = 10) => {
    const before = handler.records.length;
    for (let index = 0; index < count; index++) manager.getLogger(name).log(level, "x");
    return handler.records.length - before;
  };
  return { manager, handler, log, change, set, shown };
}

const DEBUG = 10, INFO = 20, ERROR = 40;

Deno.test("only what passes thanks to the change counts, and the last line takes it back", () => {
  const { manager, set, shown } = begin();
  const lines = set("app", "DEBUG", 5)!;
  assertEquals(shown("app", INFO), 10);
  assertEquals(shown("other", DEBUG), 0);
  assertEquals(shown("app.db", DEBUG, 4), 4, "a logger that inherits the level");
  assertEquals(lines.left, 1);
  assertEquals(shown("app", DEBUG), 1);
  assertEquals(manager.getLogger("app").level, 0);
  assertEquals(shown("app", INFO), 10);
});

Deno.test("a record whose change is taken back before it has paid does not come out", () => {
  const { manager, log, set, shown } = begin();
  set("app", "DEBUG", 5);
  const { catchUp } = manager;
  // Another thread has the last line, which this one hears of between the call and its payment.
  manager.getLogger("app").addFilter(() => {
    manager.catchUp = () => {
      manager.catchUp = catchUp;
      log.takeBack(["c1"]);
    };
    turnSignal();
    return true;
  });
  assertEquals(shown("app", DEBUG, 1), 0);
  assertEquals([shown("app", DEBUG, 1), shown("app", INFO, 1)], [0, 1]);
});

Deno.test("what a change of another logger lets pass does not count", () => {
  const { manager, set, shown } = begin();
  const lines = set("app", "DEBUG", 5)!;
  set("root", "DEBUG");
  assertEquals([shown("app", DEBUG), lines.left], [10, 5]);
  manager.getLogger("app.db").setLevel("DEBUG");
  assertEquals([shown("app.db", DEBUG), lines.left], [10, 5]);
});

Deno.test("the newest of two changes pays, then the one beneath", () => {
  const { set, shown } = begin();
  const older = set("app", "DEBUG", 5)!;
  const newer = set("app", "DEBUG", 3)!;
  assertEquals(shown("app", DEBUG, 2), 2);
  assertEquals([older.left, newer.left], [5, 1]);
  assertEquals(shown("app", DEBUG), 6);
  assertEquals([older.left, newer.left], [0, 0]);
});

Deno.test("records count that only an opened handler shows", () => {
  const { set, shown } = begin(ERROR);
  const lines = set("app", "INFO", 5)!;
  assertEquals(shown("app", ERROR), 10);
  assertEquals(lines.left, 5);
  assertEquals(shown("app", INFO), 5);
  assertEquals(shown("app", INFO), 0);
});

Deno.test("what handlers hold back takes no lines", () => {
  const { handler, manager, change, set, shown } = begin();
  let few = 2;
  handler.addFilter(() => few-- > 0);
  const filtered = set("app", "DEBUG", 5)!;
  assertEquals([shown("app", DEBUG), filtered.left], [2, 3]);
  few = 100;
  assertEquals([shown("app", DEBUG), shown("app", DEBUG)], [3, 0]);

  handler.setLevel("ERROR");
  const incremental = { incremental: true, loggers: { app: { level: "DEBUG" } } };
  const held = change({ ...incremental, logdial: { open: false } }, 5)!;
  assertEquals([shown("app", DEBUG), held.left], [0, 5]);
  const opened = set("app", "DEBUG", 5)!;
  few = 2;
  assertEquals([shown("app", DEBUG), opened.left, held.left], [2, 3, 5]);
  manager.getLogger("app").propagate = false;
  manager.lastResort = undefined;
  assertEquals([shown("app", DEBUG), opened.left], [0, 3], "no handler at all");
  manager.getLogger("app").addHandler(new NullHandler());
  assertEquals([shown("app", DEBUG), opened.left], [0, 3], "one that drops everything");
});

Deno.test("what a FingersCrossedHandler keeps takes lines when it comes out", () => {
  const { manager, handler, set } = begin();
  const crossed = new FingersCrossedHandler({ target: handler, by: "id", capacity: 4 });
  manager.root.handlers = [crossed];
  const app = manager.getLogger("app");
  const lines = set("app", "DEBUG", 5)!;
  const requests = (...ids: number[]) => {
    for (const id of ids) for (const message of ["a", "b"]) app.debug(message, { id });
  };
  requests(1, 2, 3, 4, 5, 6);
  app.debug("of no request");
  assertEquals([handler.messages, lines.left], [[], 5]);
  app.error("failed", { id: 3 });
  assertEquals([handler.messages, lines.left], [["a", "b", "failed"], 3]);
  handler.setLevel("INFO");
  app.error("failed", { id: 4 });
  assertEquals(lines.left, 3, "its target holds it back");
  handler.setLevel("DEBUG");

  const other = new ListHandler();
  manager.root.addHandler(other);
  app.debug("c", { id: 1 });
  assertEquals([other.messages, lines.left], [["c"], 2]);
  handler.records.length = 0;
  app.error("failed", { id: 1 });
  assertEquals(lines.left, 0);
  assertEquals(handler.messages, ["a", "b", "c", "failed"], "c is paid for already");
  app.error("failed", { id: 2 });
  assertEquals(handler.messages.slice(4), ["failed"], "no line is left");
  assertEquals(app.level, 0);
});

Deno.test("what two FingersCrossedHandlers keep takes one line, and none while the second keeps it", () => {
  const { manager, handler, set } = begin();
  const other = new ListHandler(), app = manager.getLogger("app");
  manager.root.handlers = [handler, other].map((target) => new FingersCrossedHandler({ target }));
  const lines = set("app", "DEBUG", 5)!;
  for (const message of ["a", "b", "c"]) app.debug(message);
  app.error("failed");
  const all = ["a", "b", "c", "failed"];
  assertEquals([handler.messages, other.messages, lines.left], [all, all, 2]);

  const target = new FingersCrossedHandler({ target: handler, flushLevel: "CRITICAL" });
  manager.root.handlers = [new FingersCrossedHandler({ target })];
  handler.records.length = 0;
  app.debug("d");
  app.error("failed");
  assertEquals([handler.messages, lines.left], [["failed"], 2]);
  app.critical("ended");
  assertEquals([handler.messages, lines.left], [["failed", "d", "ended"], 1]);
});

Deno.test("a logger that was disabled counts all that it shows", () => {
  const { manager, set, shown } = begin();
  manager.getLogger("app").disabled = true;
  set("app", "DEBUG", 5);
  assertEquals([shown("app", ERROR), shown("app.db", ERROR)], [5, 10]);
  assertEquals(manager.getLogger("app").disabled, true);
});

Deno.test("of a whole configuration counts what its levels show more than before", () => {
  const { manager, change, shown } = begin();
  manager.getLogger("app.db").setLevel("ERROR");
  manager.getLogger("was.off").disabled = true;
  const handlers = { list: { class: "logging.handlers.MemoryHandler", capacity: 100 } };
  const root = { level: "INFO", handlers: ["list"] };
  const lines = change({
    disable_existing_loggers: false,
    handlers,
    root,
    loggers: {
      app: { level: "DEBUG", propagate: true },
      "new.one": { level: "DEBUG" },
      "was.off": { propagate: true },
    },
  }, 7)!;
  // The handler is out of use, and back when the change has ended.
  for (const name of ["root", "app"]) manager.getLogger(name).info("free");
  assertEquals(lines.left, 7);
  manager.getLogger("was.off").info("counts: it was disabled");
  assertEquals(lines.left, 6);
  for (const name of ["app", "app.db", "new.one", "new.one.below"]) {
    manager.getLogger(name).debug("x");
  }
  manager.getLogger("app.db").info("counts: it was at ERROR");
  assertEquals(lines.left, 1);
  manager.getLogger("app").debug("the last one");
  assertEquals([shown("app", DEBUG), shown("app", INFO), shown("app.db", INFO)], [0, 10, 0]);
});

Deno.test("a level that the program sets ends the count of that logger", () => {
  const { manager, set, shown } = begin();
  const lines = set("app", "DEBUG", 5)!;
  manager.getLogger("app").setLevel("DEBUG");
  assertEquals([shown("app", DEBUG), lines.left], [10, 5]);
});
