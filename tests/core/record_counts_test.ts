import { assertEquals } from "@std/assert";
import { setOpening, writtenBy } from "../../src/core/loggers/logger_node.ts";
import type { Logger } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { type CountedRecords, readCounts } from "../../src/core/loggers/record_counts.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { replaced } from "../harness/replaced.ts";

/** Some time that is the middle of a second, in milliseconds. */
const START = 1_700_000_000_500;

/** A tree of loggers with a handler, on a clock that the test turns. */
class Counted implements Disposable {
  now = START;
  readonly #clock = replaced(Date, "now", () => this.now);
  readonly manager: Manager = new Manager();
  readonly handler: ListHandler = new ListHandler();

  constructor() {
    this.manager.root.addHandler(this.handler);
    this.manager.root.setLevel("DEBUG");
  }

  log(name: string, count = 1, level = 20): void {
    const logger = this.manager.getLogger(name);
    for (let made = 0; made < count; made++) logger.log(level, "x");
  }

  /** As another thread reads it. */
  read(): CountedRecords {
    return readCounts(this.manager.counts, this.now);
  }

  /** INFO records: in all, and in the last seconds. */
  info(): [total: number, recent: number, seconds: number] {
    const { total, recent, seconds } = this.read();
    return [total[1]!, recent[1]!, seconds];
  }

  [Symbol.dispose](): void {
    this.#clock[Symbol.dispose]();
  }
}

Deno.test("what handlers take is counted by level, once, for the logger and its thread", () => {
  using counted = new Counted();
  const { manager, handler } = counted;
  const app = manager.getLogger("app");
  app.addHandler(new ListHandler());
  for (const level of [5, 10, 15, 20, 29, 30, 40, 50, 60]) counted.log("app", 1, level);
  manager.getLogger("app").with({ user: 7 }).error("bound");
  manager.getLogger("app.dropped").setLevel("ERROR");
  counted.log("app.dropped");
  manager.getLogger("app.filtered").addFilter(() => false);
  counted.log("app.filtered", 1, 50);
  handler.addFilter(({ name }) => name !== "db");
  counted.log("db");
  // Too low for all handlers.
  handler.setLevel("ERROR");
  counted.log("web");
  // Below DEBUG counts as DEBUG, where it is logged at all.
  manager.root.setLevel(1);
  counted.log("app", 1, 5);
  assertEquals(counted.read().total, [3, 2, 1, 2, 2]);
  assertEquals(counted.read().recent, [3, 2, 1, 2, 2]);
  const ofApp = writtenBy<Logger>(app)?.read(counted.now);
  assertEquals([ofApp?.total, ofApp?.recent], [[3, 2, 1, 2, 2], [3, 2, 1, 2, 2]]);
  counted.now += 60_000;
  counted.log("app", 4, 40);
  assertEquals(writtenBy<Logger>(app)?.read(counted.now).recent, [0, 0, 0, 4, 0]);
  for (const name of ["app.dropped", "app.filtered", "db", "web"]) {
    assertEquals(writtenBy<Logger>(manager.getLogger(name)), undefined, name);
  }
});

Deno.test("records that only an opening or the last resort lets out are counted as well", () => {
  using counted = new Counted();
  const { manager, handler } = counted;
  handler.setLevel("ERROR");
  handler.opens = true;
  setOpening<Logger>(manager.root, { from: 10, handlers: [] });
  counted.log("app", 3);
  // What both take is one record.
  handler.setLevel("INFO");
  manager.getLogger("app").addHandler(new ListHandler(50));
  counted.log("app", 2);
  assertEquals(counted.info().slice(0, 2), [5, 5]);
  manager.root.removeHandler(handler);
  manager.getLogger("app").handlers = [];
  manager.lastResort = handler;
  counted.log("app");
  assertEquals(counted.info().slice(0, 2), [6, 6]);
});

Deno.test("a rate is one of the last ten seconds, whenever it is asked for", () => {
  using counted = new Counted();
  assertEquals(counted.info(), [0, 0, 1], "nothing yet; at least a second");
  counted.log("app", 4);
  assertEquals(counted.info(), [4, 4, 1]);
  counted.now += 2500;
  assertEquals(counted.info(), [4, 4, 2.5], "since the thread began");
  for (let second = 0; second < 30; second++) {
    counted.log("app", 7);
    counted.now += 1000;
  }
  // Nine whole seconds, and the one under way in which nothing was logged.
  assertEquals(counted.info(), [214, 63, 9]);
  counted.log("app", 7);
  assertEquals(counted.info(), [221, 70, 9]);
  counted.now += 999;
  assertEquals(counted.info(), [221, 70, 9.999]);
  counted.now += 5000;
  assertEquals(counted.info(), [221, 35, 9.999], "a thread that hangs");
  counted.now += 60_000;
  assertEquals(counted.info()[1], 0);
  counted.log("app");
  assertEquals(counted.info().slice(0, 2), [222, 1]);
});

Deno.test("neither a clock that is set back nor records of other times make rates untrue", () => {
  using counted = new Counted();
  counted.log("app", 5);
  counted.now -= 3_600_000;
  counted.log("app", 2);
  assertEquals(counted.info().slice(0, 2), [7, 2], "those of this clock");
  counted.now += 1000;
  const times: unknown[] = [0, NaN, 1e12, "yesterday", undefined, 12n];
  for (const created of times) {
    const record = new LogRecord("app", 20, "", 0, "x", []);
    Object.assign(record, { created });
    counted.manager.getLogger("app").handle(record);
  }
  assertEquals(counted.info().slice(0, 2), [13, 8]);
});
