import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { DEFAULT_LIMITS } from "../../src/hub/board/attach_options.ts";
import type { AttachOptions } from "../../src/hub/board/attach_options.ts";
import type { LogEntry, Order, PostedOrder } from "../../src/hub/board/orders.ts";
import { Board, MAX_CHARACTERS } from "../../src/hub/board/board.ts";
import { TakenBackChanges } from "../../src/hub/board/taken_back.ts";
import { readOrder } from "../../src/hub/board/read_order.ts";
import { msUntil, noteMsLeft, withToldMsLeft } from "../../src/hub/server/ms_left.ts";
import { type Asked, ProcessChanges } from "../../src/hub/server/process_changes.ts";
import type { Taker } from "../../src/hub/server/kept_entry.ts";
import { ProcessLog } from "../../src/hub/server/process_log.ts";
import { ServedThread } from "../../src/hub/server/served_thread.ts";
import { ThreadPort } from "../../src/hub/server/thread_port.ts";
import { WakeQueue } from "../../src/hub/connections/wake_queue.ts";
import { reportText } from "../../src/hub/thread/report_text.ts";
import { eventually, within } from "../harness/deadline.ts";
import { replaced } from "../harness/replaced.ts";

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
  return {
    thread: new ServedThread(name, new ThreadPort(board, OPTIONS), wakes, new Set()),
    board,
  };
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

Deno.test({
  name: "an override ends by the clock, also where that is put forward, or the machine has slept",
  // What the hub waits for until then.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => {
    const { thread: one, board } = thread("W");
    one.scheduleExpiry(Date.now() + 3_600_000);
    one.beat();
    assertEquals(board.published, 0);
    using _clock = replaced(Date, "now", ((now) => () => now() + 3_600_001)(Date.now));
    one.beat();
    one.beat();
    assertEquals(board.published, 1);
    one.release();
  },
});

Deno.test({
  name: "an override that ends ends no other, where the clock was set back between the two",
  // What the hub waits for until then.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const { thread: one, board } = thread("W");
    const first = Date.now() + 50;
    one.scheduleExpiry(first);
    using _clock = replaced(Date, "now", ((now) => () => now() - 3_600_000)(Date.now));
    const second = Date.now() + 60_000;
    one.scheduleExpiry(second);
    await eventually("the end of the first", () => board.published === 1 || undefined);
    const [{ order }] = JSON.parse(board.readInbox()).changes;
    assertEquals(order, { kind: "expire", now: order.now, due: [first] });
    assertEquals(order.now < second, true);
    one.release();
  },
});

const HERE = "127.0.0.1:5000";

/** A hub's changes, and threads that come to it. */
class Process {
  readonly changes: ProcessChanges;
  readonly #served = new Set<ServedThread>();

  constructor() {
    this.changes = new ProcessChanges(() => this.#served);
  }

  /** A thread comes, with a key of its own maybe, with what it has in force, and with its board. */
  come(
    name: string,
    key?: string,
    entries: readonly LogEntry[] = [],
    board = new Board(new SharedArrayBuffer(4)),
  ): Peer {
    const options: AttachOptions = { ...OPTIONS, ...key === undefined ? {} : { key } };
    const seen = new Set(entries.map(({ id }) => id));
    const thread = new ServedThread(name, new ThreadPort(board, options), new WakeQueue(), seen);
    this.#served.add(thread);
    this.changes.welcome(thread, entries);
    return new Peer(this.changes, thread, board);
  }

  /** A thread listens no more. */
  leave({ thread }: Peer): void {
    this.#served.delete(thread);
    this.changes.leave(thread);
  }
}

/** A thread as its senders see it. */
class Peer {
  readonly #changes: ProcessChanges;
  readonly thread: ServedThread;
  readonly board: Board;

  constructor(changes: ProcessChanges, thread: ServedThread, board: Board) {
    this.#changes = changes;
    this.thread = thread;
    this.board = board;
  }

  /** The order that a frame to it becomes, let in by the thread's key if it has one. */
  send(frame: object, from = HERE): Order {
    const { options } = this.thread;
    const { order, to } = readOrder(JSON.stringify(frame), from, options);
    if (!("command" in order)) throw new Error("not read as an order");
    const keys = options.key === undefined ? [] : [options.key];
    const read = this.#changes.orderFor(this.thread, { order, to, keys, payload: undefined });
    this.thread.give(read, order.sender);
    return read;
  }

  /** What a frame with a change becomes. */
  change(frame: object, from?: string): LogEntry {
    const order = this.send(frame, from);
    if (!("entry" in order)) throw new Error("not read as a change");
    return order.entry;
  }

  /** What waits for it: texts of changes, and ids of what it is to take back. */
  get waiting(): string[] {
    if (this.board.published === 0) return [];
    const { changes } = JSON.parse(this.board.readInbox()) as { changes: { order: Order }[] };
    return changes.map(({ order }) =>
      "entry" in order ? order.entry.id : "ids" in order ? `no ${order.ids}` : order.kind
    );
  }
}

/** A list of changes, and what a thread says to it. */
class Log {
  readonly log = new ProcessLog((first) => first);
  #made = 0;

  /** A thread gets a change, which stays unless it ends. */
  note(taker: Taker, more: Partial<LogEntry>): LogEntry {
    const text = JSON.stringify({
      version: 1,
      incremental: true,
      loggers: { [`l${this.#made}`]: {} },
    });
    const change = { id: `${this.#made++}`, text, by: "test", at: "", keys: [], ...more };
    return this.log.note(change, taker);
  }
}

Deno.test("what a thread can take back is known, however many others can take back as much", () => {
  const all = new Log();
  const threads = Array.from(
    { length: 29 },
    (_, at) => ({ name: `W${at}`, seen: new Set<string>() }),
  );
  for (let round = 0; round < 18; round++) {
    for (const [at, one] of threads.entries()) all.note(one, { to: { port: 9001 + at } });
  }
  assertEquals(threads.map((one) => all.log.entriesOf(one).length), Array(29).fill(16));
  const expiresAt = Date.now() + 3_600_000;
  for (let round = 0; round < 20; round++) {
    for (const [at, one] of threads.entries()) {
      all.note(one, { to: { port: 9001 + at }, expiresAt });
    }
  }
  const kept = threads.reduce((sum, one) => sum + all.log.entriesOf(one).length, 0);
  assertEquals(kept, 512, "but not any number");
});

Deno.test("what is for one program, and what is taken back from one, is so for threads that start late", () => {
  const all = new Log();
  const thread = (app: string) => ({ name: "W", app, seen: new Set<string>() });
  const first = thread("shop");
  const ofShop = all.note(first, { to: { app: "sh*" } });
  const ofAll = all.note(first, {});
  all.log.take(thread("mail"), [ofAll]);
  const missedBy = (app: string) => all.log.missedBy(thread(app)).map(({ id }) => id);
  assertEquals(missedBy("shop"), [ofShop.id, ofAll.id]);
  assertEquals(missedBy("mail"), [ofAll.id]);
  all.log.takeBack(({ id }) => id === ofAll.id, [first], { app: "shop" });
  assertEquals([missedBy("shop"), missedBy("mail")], [[ofShop.id], [ofAll.id]]);
});

Deno.test("a change that is refused takes the place of none that is in force", () => {
  const all = new Log(), one = { name: "W", seen: new Set<string>() };
  all.note(one, { expiresAt: Date.now() + 3_600_000 });
  for (let above = 0; above < 63; above++) all.note(one, {});
  const before = all.log.entriesOf(one);
  assertEquals(before.length, 64);
  for (let time = 0; time < 3; time++) all.log.refuse(all.note(one, {}).id, one);
  assertEquals(all.log.entriesOf(one), before);
});

Deno.test("after a hub's end, changes lie above what a watched file has said before", () => {
  const served: ServedThread[] = [], changes = new ProcessChanges(() => served);
  const { thread: one } = thread("one");
  served.push(one);
  const file = { id: "file", seq: 7, text: CHANGE, file: "a.conf", by: "a.conf", at: "", keys: [] };
  changes.welcome(one, [], file);
  const order = changes.orderFor(one, asked(JSON.stringify({ version: 1, incremental: true })));
  assertEquals("entry" in order && order.entry.seq, 8, "else a thread would take it for ended");
});

/** What a thread that starts late is given after a first change and many more. */
function givenLate(first: readonly object[], more: number): unknown[] {
  const all = new Log(), one = { name: "W", seen: new Set<string>() };
  for (const change of first) all.note(one, { text: JSON.stringify(change) });
  for (let made = 0; made < more; made++) {
    const loggers = { [`l${made % 3}`]: { level: "INFO" } };
    all.note(one, { text: JSON.stringify({ version: 1, incremental: true, loggers }) });
  }
  const late = { name: "late", seen: new Set<string>() };
  return all.log.missedBy(late).map(({ text }) => JSON.parse(text));
}

Deno.test("a level for some calls, and what is recorded, come to late threads as they were said", () => {
  const levels = { version: 1, incremental: true, loggers: { app: { level: "DEBUG" } } };
  const later = { version: 1, incremental: true, loggers: { db: { level: "INFO" } } };
  const folded = givenLate([levels, later], 80);
  assertEquals(folded.length, 64);
  const { loggers } = folded[0] as typeof levels;
  assertEquals(loggers.app, { level: "DEBUG" }, "changes of levels become one");
  for (
    const said of [{ where: { tenant: "a" } }, { sample: "1/10" }, { match: "x" }, {
      record: { app: "DEBUG" },
    }]
  ) {
    const change = { ...levels, logdial: said };
    assertEquals(givenLate([change, later], 80)[0], change);
    assertEquals(givenLate([later, change], 80)[1], change);
  }
});

Deno.test("a late thread gets what is recorded, whatever whole configurations have come since", () => {
  const record = (levels: object) => ({
    version: 1,
    incremental: true,
    logdial: { record: levels },
  });
  const whole = { version: 1, root: { level: "ERROR" } };
  const recorded = record({ app: "DEBUG" });
  assertEquals(givenLate([recorded, whole], 20).slice(0, 2), [recorded, whole]);
  assertEquals(givenLate([recorded, whole], 80).slice(0, 2), [recorded, whole]);
  const other = { ...whole, logdial: { record: { db: "INFO" } } };
  assertEquals(givenLate([recorded, other, whole], 20).slice(0, 2), [other, whole]);
});

Deno.test("a late thread gets levels before a whole configuration that leaves other loggers as they are", () => {
  const levels = { version: 1, incremental: true, loggers: { app: { level: "DEBUG" } } };
  const whole = { version: 1, disable_existing_loggers: false, root: { level: "ERROR" } };
  assertEquals(givenLate([levels, whole], 20).slice(0, 2), [levels, whole]);
  assertEquals(givenLate([levels, whole], 80).slice(0, 2), [levels, whole]);
  for (const disable of [undefined, true, 1]) {
    const other = { ...whole, disable_existing_loggers: disable };
    const [first] = givenLate([levels, other], 20);
    assertEquals(first, JSON.parse(JSON.stringify(other)), "all others are disabled");
  }
});

Deno.test("what is a change of levels to a thread is one to the hub: late threads miss nothing before it", () => {
  const first = { version: 1, incremental: true, loggers: { app: { level: "DEBUG" } } };
  const provider = {
    "logger_configurator/development": { default_config: { minimum_severity: "info" } },
  };
  for (
    const change of [
      { version: 1, incremental: 1, root: { level: "INFO" } },
      { version: 1, incremental: "yes", root: { level: "INFO" } },
      { file_format: "1.0", logger_provider: provider },
    ]
  ) {
    assertEquals(givenLate([first, change], 20).slice(0, 2), [first, change]);
  }
  const none = { version: 1, incremental: [], root: { level: "INFO" } };
  assertEquals(givenLate([first, none], 20)[0], none, "Python takes an empty list for false");
});

Deno.test("an override that has ended comes to no later thread, whatever clock is set back", () => {
  let day = 1_600_000_000_000, passed = 0;
  using _ = replaced(Date, "now", () => day + passed);
  using __ = replaced(performance, "now", () => passed);
  const all = new Log(), [one, late] = ["W", "late"].map((name) => ({ name, seen: new Set("") }));
  const entry = all.note(one!, { expiresAt: Date.now() + 3000 });
  assertEquals(all.log.missedBy(late!), [entry]);
  day -= 3_600_000;
  passed = 2999;
  assertEquals(all.log.missedBy(late!), [entry]);
  assertEquals(msUntil(entry.expiresAt!), 1, "it is taken back from that one, too");
  passed = 3000;
  assertEquals(all.log.missedBy(late!), []);
  const other = all.note(one!, { expiresAt: Date.now() + 3000 });
  assertEquals(all.log.missedBy(late!), [other]);
  day += 3_600_000;
  assertEquals(all.log.missedBy(late!), [], "it ends when it is told to");
});

Deno.test("an override does not end too early where its thread loses the processor between two looks at a clock", () => {
  let now = 1_600_000_000_000;
  const later = () => now += 10;
  const expiresAt = now + 5000;
  {
    using _ = replaced(Date, "now", later);
    using __ = replaced(performance, "now", later);
    msUntil(expiresAt);
  }
  using _ = replaced(Date, "now", () => now);
  using __ = replaced(performance, "now", () => now);
  now = expiresAt - 5;
  assertEquals(msUntil(expiresAt), 5);
});

Deno.test("the next hub learns what is left of an override, though the clock was set back before", () => {
  let day = 1_500_000_000_000, passed = 0;
  using _ = replaced(Date, "now", () => day + passed);
  using __ = replaced(performance, "now", () => passed);
  const change = { id: "one", seq: 1, text: "", by: "test", at: "", keys: [] };
  const told = (expiresAt: number) => {
    const { thread: one, board } = thread("first");
    one.give({ kind: "change", entry: { ...change, expiresAt } }, { by: "test" });
    return JSON.parse(board.readInbox()).changes[0].order.entry;
  };
  const inForce = told(Date.now() + 3000);
  assertEquals(inForce.msLeft, 3000);
  noteMsLeft(inForce);
  day -= 3_600_000;
  passed = 1000;
  assertEquals(withToldMsLeft(inForce).msLeft, 2000, "a thread asks no clock");
  assertEquals(told(inForce.expiresAt).msLeft, 2000, "one that comes late is told the same");
  // A hub that has never heard of the override.
  const brought = { ...change, expiresAt: Date.now() + 3_602_000, msLeft: 2000 };
  new ProcessChanges(() => []).welcome(thread("second").thread, [brought]);
  assertEquals(msUntil(brought.expiresAt), 2000);
  passed = 2900;
  assertEquals(msUntil(brought.expiresAt), 100);
});

Deno.test({
  name: "the next hub gives late threads all that the one before would have given them",
  // The hub looks once more for young threads later.
  sanitizeOps: false,
  fn: async (t) => {
    /** The last hub's two threads, of which one lives on with what it can still take back. */
    const begin = (act: (ended: Peer, lives: Peer) => void = () => {}) => {
      const old = new Process(), ended = old.come("A1"), lives = old.come("B1");
      const frames = Array.from({ length: 18 }, (_, at) => levels("ERROR", { id: `c${at}` }));
      const entries = frames.map((frame) => [ended, lives].map((one) => one.change(frame))[1]!);
      act(ended, lives);
      old.changes.heritage.tell();
      return { ended, lives, entries: entries.slice(2) };
    };
    const ids = Array.from({ length: 18 }, (_, at) => `c${at}`);

    await t.step("by what is on a board: changes that threads can take back no more", () => {
      const { lives, entries } = begin(), next = new Process();
      const early = next.come("early"), before = lives.waiting;
      const again = next.come("B1", undefined, entries, lives.board);
      assertEquals(next.come("late").waiting, ids);
      assertEquals(early.waiting, ids, "one that came first gets them as soon as they are known");
      assertEquals(again.waiting, before, "who has had them does not get them again");
      again.send({ logdial: { command: "reset", id: "r", to: { name: "B*" } } });
      assertEquals([next.come("B2").waiting, next.come("later").waiting], [[], ids]);
    });
    await t.step(
      "changes for names that no thread has that lives on, and lines left of them",
      () => {
        const to = { name: "A*" };
        const { ended, lives, entries } = begin((ended) => {
          ended.change(levels("WARNING", { id: "names", to }));
          ended.change(levels("DEBUG", { id: "lines", to, expires: 60, lines: 1000 }));
        });
        const next = new Process();
        for (const one of [ended, lives]) next.changes.heritage.take(one.thread);
        const late = next.come("A2");
        assertEquals(late.waiting, [...ids, "names", "lines"]);
        assertEquals(late.thread.linesLeft("lines"), 875, "what A1 had got of them is gone");
        next.come("B1", undefined, entries, lives.board);
        assertEquals(next.come("B2").waiting, ids);
      },
    );
    await t.step("nothing that was taken back, and what was still on its way", () => {
      const { ended, lives } = begin((ended, lives) => {
        lives.send({ logdial: { command: "rollback", steps: 16, id: "r" } });
        ended.change(levels("INFO", { id: "on its way" }));
      });
      const next = new Process();
      next.changes.heritage.take(ended.thread);
      const before = lives.waiting, again = next.come("B1", undefined, [], lives.board);
      assertEquals(next.come("late").waiting, ["c0", "c1", "on its way"]);
      assertEquals([before.includes("on its way"), again.waiting], [false, ["on its way"]]);
    });
  },
});

Deno.test("what is prepared can be committed however full the thread's board is", () => {
  const all = new Process(), one = all.come("one");
  const config = JSON.stringify({ ...levels("ERROR", {}), more: "x".repeat(9000) });
  one.send({ logdial: { command: "prepare", transaction: "both", config } });
  const entry = { id: "big", seq: 0, text: "x", by: "mallory", at: "", keys: [] };
  const fill = (length: number) => {
    const text = "x".repeat(length);
    one.thread.give({ kind: "change", entry: { ...entry, text } }, { by: "mallory" });
  };
  fill(MAX_CHARACTERS - 15_000);
  assertThrows(() => fill(9000), ConfigError, "too large together");
  const committed = one.change({ logdial: { command: "commit", transaction: "both" } });
  assertEquals(committed.text, config, "late threads get it whole");
  assertEquals(one.waiting.slice(1), ["big", "both"]);
});

Deno.test({
  name: "threads that came just before are told what their senders did not say to them",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    const said = levels("ERROR", { id: "one" });
    const begin = (name: string) => {
      const all = new Process(), peers = [all.come("one"), all.come(name), all.come("far", "key")];
      for (const peer of peers) peer.change(said);
      return { one: peers[0]!, two: peers[1]!, far: peers[2]! };
    };
    const undos = [{ command: "rollback", steps: 1, id: "r" }, { command: "reset", id: "r" }];
    const undone = undos.map((undo) => {
      const all = begin("two"), named = begin("other");
      all.one.send({ logdial: undo });
      const frame = { logdial: { ...undo, to: { name: "o*" } } };
      for (const peer of [named.one, named.two]) peer.send(frame);
      return { undo, all, named, word: undo.command === "reset" ? "reset" : "no one" };
    });
    const all = new Process(), one = all.come("one"), two = all.come("two");
    for (const peer of [one, two]) peer.change(said);
    one.send({ logdial: undos[0]! });
    two.change(said);
    const late = [two, ...undone.map(({ all }) => all.two)], counts = [3, 2, 2];
    const areTold = () => late.every(({ waiting }, at) => waiting.length >= counts[at]!);
    await eventually("the last undo", () => areTold() || undefined);
    for (const { undo: { command }, all: { one, two, far }, named, word } of undone) {
      await t.step(`of a ${command}`, () => {
        assertEquals(two.waiting, ["one", word]);
        assertEquals(one.waiting, ["one", word], "once");
        assertEquals(far.waiting, ["one"], "nobody has been let in there");
      });
      await t.step(`of a ${command} for names, once`, () => {
        assertEquals([named.one.waiting, named.two.waiting], [["one", word], ["one", word]]);
      });
    }
    await t.step("of a rollback, unless the change has been sent again meanwhile", () => {
      assertEquals(two.waiting, ["one", "one", "no "]);
    });
    await t.step("of a change of all or nothing", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      const config = JSON.stringify(levels("ERROR", {}));
      one.send({ logdial: { command: "prepare", transaction: "both", config } });
      one.send({ logdial: { command: "commit", transaction: "both" } });
      assertEquals(two.waiting, ["both"]);
    });
  },
});

function levels(level: string, logdial: object): object {
  return { version: 1, incremental: true, root: { level }, logdial };
}

Deno.test({
  name: "frames of one id are one change only if the same sender has sent the same",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    const said = { id: "one", label: "set root=ERROR", by: "kim", expires: "1s" };
    const begin = () => {
      const all = new Process();
      const keyed = all.come("keyed", "secret"), free = all.come("free");
      return { all, free, first: keyed.change(levels("ERROR", said)) };
    };
    await t.step("also where it says for itself whom it is for, and when it ends", () => {
      const { all, free } = begin();
      const own = { ...said, to: { name: "f*" }, expires: "900ms" };
      const second = free.change(levels("ERROR", own), "127.0.0.1:5001");
      assertEquals([second.id, second.seq], ["one", 1]);
      assertEquals(second.by, "set root=ERROR by kim (127.0.0.1:5001)", "its own address");
      assertEquals([second.isTrusted, second.keys], [false, []], "trusted no more than it is");
      assertEquals(all.changes.log.entriesOf(free.thread).map(({ id }) => id), ["one"]);
    });
    await t.step("who is not let in by a key makes nothing last longer", () => {
      const { all, free, first } = begin();
      const second = free.change(levels("ERROR", { ...said, expires: "1h", forever: true }));
      assertEquals([second.id, second.expiresAt! > first.expiresAt!], ["one", true]);
      const [kept] = all.changes.log.entriesOf(free.thread);
      assertEquals([kept!.expiresAt, kept!.isTrusted], [first.expiresAt, true]);
    });
    const others = [
      { desc: "another text", frame: levels("CRITICAL", said), from: HERE },
      { desc: "another address", frame: levels("ERROR", said), from: "127.0.0.99:5000" },
      { desc: "another name", frame: levels("ERROR", { ...said, by: "mallory" }), from: HERE },
    ];
    for (const { desc, frame, from } of others) {
      await t.step(`${desc} is another change`, () => {
        const { all, free, first } = begin();
        const other = free.change(frame, from);
        assertNotEquals(other.id, "one");
        assertEquals([other.seq > first.seq, other.isTrusted, other.keys], [true, false, []]);
        assertEquals(other.by.includes(from), true, other.by);
        assertEquals(free.change(frame, from).id, other.id, "and one, whenever it is sent");
        const known = all.changes.log.entriesOf(free.thread).map(({ id }) => id);
        assertEquals(known, [other.id]);
      });
    }
    await t.step("without an id, a text of another address is another change", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      const text = levels("ERROR", {}), first = one.change(text);
      assertNotEquals(two.change(text, "127.0.0.99:5000").id, first.id);
      const third = all.come("three");
      assertEquals(third.waiting.length, 2);
    });
  },
});

Deno.test({
  name: "who is not let in by a key takes back from a thread without one, and from no other",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    for (const command of [{ command: "rollback", steps: 1 }, { command: "reset" }]) {
      const undo = (id: string) => ({ logdial: { ...command, id } });
      await t.step(command.command, () => {
        const all = new Process();
        const keyed = all.come("keyed", "secret"), free = all.come("free");
        for (const one of [keyed, free]) one.change(levels("ERROR", { id: "one" }));
        const known = ({ thread }: Peer) => all.changes.log.entriesOf(thread).map(({ id }) => id);
        free.send(undo("first"));
        assertEquals([known(keyed), known(free)], [["one"], []]);
        assertEquals(all.come("late", "secret").waiting, ["one"]);
        keyed.send(undo("second"));
        assertEquals(known(keyed), []);
        assertEquals(all.come("later", "secret").waiting, []);
      });
    }
  },
});

Deno.test({
  name: "all or nothing unites what threads have let in by their keys, in any order",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    const config = JSON.stringify(levels("ERROR", {}));
    const prepare = { logdial: { command: "prepare", transaction: "both", config } };
    const commit = { logdial: { command: "commit", transaction: "both" } };
    for (const isKeyedFirst of [true, false]) {
      await t.step(`the one with a key ${isKeyedFirst ? "first" : "last"}`, () => {
        const all = new Process();
        const keyed = all.come("keyed", "secret"), free = all.come("free");
        const order = isKeyedFirst ? [keyed, free] : [free, keyed];
        for (const one of order) one.send(prepare);
        for (const one of order) {
          // What a thread is told, the next hub learns from it.
          const { isTrusted, keys } = one.change(commit);
          assertEquals([isTrusted, keys], one === keyed ? [true, ["secret"]] : [false, []]);
        }
        assertEquals(all.come("late", "secret").waiting, ["both"]);
        assertEquals(all.come("later").waiting, ["both"]);
        assertEquals(all.come("other", "another").waiting, []);
      });
    }
    await t.step("who is let in by no key commits it on no thread that has one", () => {
      const all = new Process(), free = all.come("free");
      const keyed = all.come("keyed", "secret"), other = all.come("other");
      for (const one of [free, keyed, other]) one.send(prepare);
      free.change(commit);
      assertEquals([keyed.waiting, other.waiting], [["prepare"], ["prepare", "both"]]);
      keyed.change(commit);
      assertEquals(keyed.waiting, ["prepare", "both"]);
    });
    await t.step("one that has ended meanwhile counts no more", () => {
      const all = new Process(), one = all.come("one"), ended = all.come("ended");
      for (const each of [one, ended]) each.send(prepare);
      all.leave(ended);
      const entry = one.change(commit);
      assertEquals(ended.waiting, ["prepare"]);
      all.changes.refused(one.thread, { kind: "commit", transaction: "both", entry });
      assertEquals(all.changes.log.has("both"), false, "no thread has it");
    });
    await t.step("another change of the same transaction is refused", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      one.send(prepare);
      const other = JSON.stringify(levels("DEBUG", {}));
      assertThrows(
        () => two.send({ logdial: { command: "prepare", transaction: "both", config: other } }),
        Error,
        "Cannot prepare: the transaction is that of another change",
      );
      assertEquals(two.waiting, []);
    });
  },
});

Deno.test({
  name: "what was taken back does not come again with a thread that did not listen",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    const undone = [
      { desc: "a reset without an id", logdial: { command: "reset" } },
      { desc: "a rollback without an id", logdial: { command: "rollback", steps: 1 } },
    ];
    for (const { desc, logdial } of undone) {
      await t.step(desc, () => {
        const all = new Process(), one = all.come("one"), two = all.come("two");
        const [entry] = [one, two].map((thread) => thread.change(levels("ERROR", { id: "old" })));
        all.leave(two);
        one.send({ logdial });
        const before = one.waiting;
        assertEquals(all.come("two", undefined, [entry!]).waiting, ["no old"]);
        assertEquals(one.waiting, before);
        assertEquals(all.come("late").waiting, []);
      });
    }
    await t.step("unless it has been sent again", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      const said = levels("ERROR", { id: "same" });
      for (const thread of [one, two]) thread.change(said);
      for (const thread of [one, two]) thread.send({ logdial: { command: "reset" } });
      const [, entry] = [one, two].map((thread) => thread.change(said));
      all.leave(two);
      assertEquals(all.come("two", undefined, [entry!]).waiting, []);
      assertEquals(all.come("late").waiting, ["same"]);
    });
    await t.step("what was taken back for names stays with others, and does not come back", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      const [entry] = [one, two].map((thread) => thread.change(levels("ERROR", { id: "old" })));
      all.leave(two);
      one.send({ logdial: { command: "rollback", steps: 1, id: "r", to: { name: "one*" } } });
      const before = one.waiting;
      assertEquals(all.come("two", undefined, [entry!]).waiting, []);
      assertEquals(one.waiting, before);
      assertEquals(all.come("one more").waiting, []);
      assertEquals(all.come("three").waiting, ["old"]);
    });
    await t.step("ever other names for a thread take no more memory, and stand for all", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      for (const thread of [one, two]) thread.change(levels("ERROR", { id: "old" }));
      for (let stars = 1; stars <= 40; stars++) {
        const to = { name: `one${"*".repeat(stars)}` };
        one.send({ logdial: { command: "rollback", steps: 1, ids: ["old"], id: `r${stars}`, to } });
      }
      assertEquals(all.come("three").waiting, []);
    });
    await t.step("nor does it come to a thread to which it was on its way", () => {
      for (
        const undo of [
          { command: "rollback", steps: 1, ids: ["old"], id: "r" },
          { command: "rollback", steps: 1, id: "r", to: { name: "t*" } },
          { command: "reset", id: "r" },
        ]
      ) {
        const all = new Process(),
          [one, two, three] = ["t1", "t2", "t3"].map((name) => all.come(name));
        const said = levels("ERROR", { id: "old" });
        one!.change(said);
        for (const thread of [two!, one!, three!]) thread.send({ logdial: undo });
        const refused = assertThrows(() => two!.change(said), ConfigError);
        assertEquals(refused.message, "Cannot apply the change: it has been taken back meanwhile");
        assertThrows(() => three!.change(said), ConfigError);
        // Who has had it means it anew.
        one!.change(said);
        assertEquals(one!.waiting.at(-1), "old");
      }
    });
    await t.step(
      "the next hub refuses it too, unless the thread has had it or it is sent anew",
      () => {
        let passed = 0;
        using _ = replaced(performance, "now", () => passed);
        const old = new TakenBackChanges(), next = new TakenBackChanges();
        old.note({ id: "old", seq: 1, names: new Set(["*"]) });
        passed = 9000;
        for (const one of old.all) next.note(one);
        const had = { name: "had", seen: new Set(["old"]) },
          other = { name: "other", seen: new Set("") };
        assertEquals([next.isLate("old", had), next.isLate("old", other)], [false, true]);
        passed = 10_000;
        assertEquals(next.isLate("old", other), false);
      },
    );
    await t.step("nor one that has been taken back in another process before it comes", () => {
      const all = new Process(), one = all.come("one"), two = all.come("two");
      one.send({
        logdial: { command: "rollback", steps: 1, ids: ["far"], id: "r", to: { name: "o*" } },
      });
      assertThrows(() => one.change(levels("ERROR", { id: "far" })), ConfigError, "meanwhile");
      assertEquals(two.change(levels("ERROR", { id: "far" })).id, "far");
    });
    await t.step("a reset of the id of a rollback is a reset", () => {
      const all = new Process(), one = all.come("one");
      one.change(levels("ERROR", { id: "old" }));
      one.send({ logdial: { command: "rollback", steps: 1, id: "same" } });
      const { seq } = one.change(levels("INFO", { id: "new" }));
      const reset = one.send({ logdial: { command: "reset", id: "same" } });
      assertEquals(reset, { kind: "reset", seq });
    });
  },
});

Deno.test({
  name: "whoever is turned away takes no place of an order, and all of them are told of or counted",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const all = new Process(), board = new Board(new SharedArrayBuffer(4));
    const thread = new ServedThread(
      "busy",
      new ThreadPort(board, OPTIONS),
      new WakeQueue(),
      new Set(),
    );
    all.changes.welcome(thread, []);
    const count = 100;
    for (let number = 1; number <= count; number++) {
      thread.tellRefusal(`no ${number}`, { by: `127.0.0.${number}:5000` });
    }
    thread.requireRoom({ by: "127.0.0.1:5000" }, 0);
    assertEquals([board.published, (await thread.status(true)).pending], [8, 0]);
    // The thread comes to them.
    board.answer("", board.published);
    await eventually("the last refusal", () => board.published > 8 || undefined);
    const { changes } = JSON.parse(board.readInbox()) as { changes: { order: Order }[] };
    const reason = `no ${count} (the last of ${count - 8} more while the thread computed)`;
    assertEquals(changes.map(({ order }) => order), [{ kind: "refused", what: "change", reason }]);
  },
});

Deno.test("a status never says that nothing waits, and levels from before what has waited", async () => {
  const { thread: served, board } = thread("racing");
  const report = (level: string) =>
    reportText({ outcomes: [], levels: { root: level }, changed: null, overrides: [], notes: {} });
  board.answer(report("INFO"), 0);
  served.give({ kind: "reset", seq: 0 }, { by: "127.0.0.1:5000" });
  // The thread comes to the order just after the hub has read what it has shown last.
  const read = board.readOutbox.bind(board);
  board.readOutbox = () => {
    const text = read();
    board.answer(report("ERROR"), board.published);
    return text;
  };
  const told = async () => {
    const { levels, pending, generation } = await served.status(true);
    return { levels, pending, generation };
  };
  assertEquals(await told(), { levels: { root: "INFO" }, pending: 1, generation: 0 });
  assertEquals(await told(), { levels: { root: "ERROR" }, pending: 0, generation: 1 });
});

Deno.test("who has sent a change is told with what it is called, or alone", () => {
  const by = (logdial: object) => {
    const text = JSON.stringify({ version: 1, incremental: true, logdial });
    const { order } = readOrder(text, "127.0.0.1:5000", OPTIONS);
    return "sender" in order ? order.sender.by : undefined;
  };
  assertEquals(by({ label: "set a=INFO", by: "kim@vm" }), "set a=INFO by kim@vm (127.0.0.1:5000)");
  assertEquals(by({ label: "set a=INFO" }), "set a=INFO (127.0.0.1:5000)");
  assertEquals(by({ by: "kim@vm" }), "kim@vm (127.0.0.1:5000)");
  assertEquals(by({}), "127.0.0.1:5000");
});

Deno.test("an outcome that comes just after the hub has looked is kept until the hub looks again", async () => {
  const { thread: served, board } = thread("late");
  const answer = (id: number) => {
    const outcomes = [{ id, previous: {}, levels: {} }];
    board.answer(reportText({ outcomes, levels: {}, changed: null, overrides: [], notes: {} }), id);
  };
  const kept = () => (JSON.parse(board.readInbox()) as { awaited: number }).awaited;
  const give = () => served.give({ kind: "reset", seq: 0 }, { by: "127.0.0.1:5000" });
  const look = (change: PostedOrder) =>
    within(served.outcome(change, 1), () => "an outcome, or none");
  const first = give();
  assertEquals(await look(first), undefined);
  answer(first.id);
  give();
  assertEquals(kept(), first.id);
  assertEquals((await look(first))?.id, first.id);
  give();
  assertEquals(kept(), first.id + 2);
  // Nobody asks any more for one that waits no longer.
  const question = served.give({ kind: "get" }, { by: "127.0.0.1:5000" });
  assertEquals(await look(question), undefined);
  served.withdraw(question);
  const last = give();
  assertEquals(kept(), last.id);
});
