import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_LINE } from "../../src/client/answer_line.ts";
import { type DumpRecord, parseDumpLine } from "../../src/client/dump_line.ts";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { stringifyConfig } from "../../src/config/describe/stringify_config.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import type { Redaction } from "../../src/core/filters/redaction.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import type { Recording } from "../../src/core/loggers/recording.ts";
import { DumpFiles } from "../../src/hub/dump/dump_files.ts";
import { dumpLines, WHOLE_DUMP } from "../../src/hub/dump/dump_lines.ts";
import { DumpedRecords } from "../../src/hub/dump/dumped_records.ts";
import { readRecorded, Recordings } from "../../src/hub/dump/recordings.ts";
import type { RecordedThread } from "../../src/hub/board/recorder_info.ts";
import { exitSignals } from "../../src/hub/rings/exit_signals.ts";
import { ListenerCounts } from "../../src/hub/rings/listener_counts.ts";
import { recordLine } from "../../src/hub/thread/record_line.ts";
import { Recorder } from "../../src/hub/thread/recorder.ts";
import { Watchers } from "../../src/hub/thread/watchers.ts";
import { ListHandler } from "../harness/list_handler.ts";

const registry = standardRegistry();

/** A tree of loggers whose records are kept. */
class Recorded {
  readonly manager = new Manager();
  readonly handler = new ListHandler();
  readonly recorder: Recorder;

  constructor(own?: Recording) {
    this.manager.root.addHandler(this.handler);
    this.recorder = new Recorder(this.manager, own, () => {});
    new Watchers(this.manager, this.recorder).begin();
  }

  /** All that a dump of it says, the thread's own line first. */
  get dump(): Record<string, unknown>[] {
    const { rings } = this.recorder;
    if (rings === undefined) return [];
    const thread: RecordedThread = {
      id: "1",
      name: "T",
      app: "",
      key: undefined,
      verifies: false,
      rings,
    };
    const lines = dumpLines([readRecorded({ thread, endedAt: undefined })], WHOLE_DUMP);
    return [...lines].map((line) => JSON.parse(line));
  }

  get records(): Record<string, unknown>[] {
    return this.dump.slice(1);
  }

  get messages(): unknown[] {
    return this.records.map(({ message }) => message);
  }
}

function recordedThread(rings: RecordedThread["rings"]): RecordedThread {
  return { id: "1", name: "T", app: "", key: undefined, verifies: false, rings };
}

Deno.test("what has been written of threads that nothing is kept of is forgotten", () => {
  const dumped = new DumpedRecords(), told: unknown[] = [];
  dumped.tell = (one) => told.push(one);
  dumped.note({ path: "a", numbers: [["1", 5], ["2", 7]] });
  dumped.note({ path: "a", numbers: [["1", 6]] });
  const thread = recordedThread({} as never);
  dumped.keepOnly([{ thread, endedAt: undefined }]);
  assertEquals(dumped.all, [{ path: "a", numbers: [["1", 6]] }]);
  assertEquals(told.length, 2);
});

function recording(levels: Record<string, number>): Recording {
  return { levels: new Map(Object.entries(levels)), size: undefined, isWhole: true };
}

Deno.test("the nearest logger above decides what is kept, and other loggers are left alone", () => {
  const recorded = new Recorded(
    recording({ app: 10, "app.noise": Infinity, "app.noise.loud": 40 }),
  );
  const { manager, handler } = recorded;
  for (const name of ["app", "app.db", "app.noise", "app.noise.loud", "apple", "root"]) {
    const log = manager.getLogger(name);
    log.debug("%s debug", name);
    log.error("%s error", name);
  }
  assertEquals(recorded.messages, [
    "app debug",
    "app error",
    "app.db debug",
    "app.db error",
    "app.noise.loud error",
  ]);
  assertEquals(handler.messages.filter((text) => text.includes("debug")), [], "no line more");
});

const CONF = `[loggers]
keys=root
[handlers]
keys=none
[formatters]
keys=plain
[handler_none]
class=NullHandler
[formatter_plain]
format=%(message)s
[logger_root]
level=ERROR
handlers=none
[logdial]
record = app=DEBUG, root=30
record_size = 64K
`;

/** The same with levels by their names. */
const CONF_AS_TOLD = CONF.replace("root=30", "root=WARNING");

Deno.test("a [logdial] section says what is kept; a change on top of it can be taken back", () => {
  const recorded = new Recorded();
  const { manager, recorder } = recorded;
  const read = (text: string) => readConfigText(text, () => undefined);
  const log = new ReversibleChanges(manager, registry);
  applyConfig(manager, read(CONF), registry);
  assertEquals(recorder.status, { levels: { app: "DEBUG", root: "WARNING" }, bytes: 1 << 16 });
  const described = describeConfig(manager, registry);
  assertEquals(described.logdial, {
    record: { app: "DEBUG", root: "WARNING" },
    record_size: "64K",
  });
  const { place: _, ...told } = read(stringifyConfig(described)).recording!;
  const { place: __, ...meant } = read(CONF_AS_TOLD).recording!;
  assertEquals(told, meant);
  const words = { version: 1, incremental: true, logdial: { record: { "app.db": "off" } } };
  const at = "2026-11-22T00:00:00Z";
  log.apply({ id: "1", seq: 1, text: JSON.stringify(words), by: "somebody", at, expiresAt: 1000 });
  assertEquals(recorder.status!.levels, { app: "DEBUG", root: "WARNING", "app.db": "off" });
  manager.getLogger("app.db").error("left out");
  manager.getLogger("app").debug("kept");
  log.expire(2000);
  assertEquals(recorder.status!.levels, { app: "DEBUG", root: "WARNING" });
  assertEquals(recorded.messages, ["kept"]);
});

Deno.test("what has been kept outlives its time, but not its end", () => {
  const recorded = new Recorded();
  const { manager } = recorded;
  manager.recording = recording({ root: 10 });
  manager.getLogger("app").debug("kept");
  manager.recording = undefined;
  manager.getLogger("app").debug("too late");
  assertEquals([recorded.recorder.status, recorded.messages], [undefined, ["kept"]]);
  manager.recording = recording({ root: Infinity });
  assertEquals(recorded.records, []);
});

Deno.test("what has been kept outlives changes that end below it, and what it has been kept by", () => {
  const recorded = new Recorded();
  const { manager } = recorded;
  const log = new ReversibleChanges(manager, registry);
  const at = "2026-11-22T00:00:00Z";
  let seq = 0;
  const change = (said: object, expiresAt?: number) => {
    const text = JSON.stringify({ version: 1, incremental: true, ...said });
    const id = String(++seq);
    log.apply({ id, seq, text, by: "somebody", at, expiresAt });
  };
  change({ root: { level: "INFO" } }, 1000);
  change({ logdial: { record: "app=DEBUG", record_size: "64K" } });
  change({ logdial: { record: "off" } });
  change({ logdial: { record: "app=DEBUG", record_size: "256K" } }, 2000);
  for (let count = 0; count < 1000; count++) manager.getLogger("app").debug("kept %d", count);
  for (const now of [1000, 2000]) {
    log.expire(now);
    assertEquals(recorded.messages.length, 1000, `after ${now}`);
  }
  assertEquals(recorded.recorder.status, undefined);
  change({ logdial: { record: "off" } });
  assertEquals(recorded.messages, []);
});

Deno.test("of another size nothing is lost uncounted: what was overwritten, and long records", () => {
  const recorded = new Recorded(recording({ app: 10 }));
  const { manager } = recorded;
  const log = manager.getLogger("app");
  const resize = (size: number) => {
    manager.recording = { levels: new Map(), size, isWhole: false };
  };
  const counted = () => {
    const [head] = recorded.dump;
    return Number(head!.records) + Number(head!.overwritten);
  };
  resize(1 << 20);
  log.error(`long ${"x".repeat(10_000)}`);
  const [whole] = recorded.records;
  for (let count = 0; count < 999; count++) log.debug("number %d %s", count, "y".repeat(200));
  resize(1 << 16);
  assertEquals(counted(), 1000);
  const cut = recorded.records.find(({ cut }) => cut !== undefined);
  const { time, logger, level } = whole!;
  assertEquals([cut!.time, cut!.logger, cut!.level], [time, logger, level]);
  assert(Number(cut!.cut) > 10_000, "it says how long it was");
  assertStringIncludes(String(cut!.message), "long xxx");
  resize(1 << 20);
  assertEquals(counted(), 1000);
  assertEquals(recorded.records.find(({ cut }) => cut !== undefined), cut);
});

Deno.test("a line is as the JsonFormatter makes it, shorter if the ring has no room for it", () => {
  const formatter = new JsonFormatter();
  const from = () => {};
  const cases: [msg: unknown, args: unknown[], error?: unknown][] = [
    ["plain", []],
    ['with "quotes" and \n breaks', []],
    ["%d of %s", [3, "x"]],
    ["%d %d", [3]],
    ["a %", [1]],
    ["fields", [{ user: 7, nested: { deep: [1, 2] } }]],
    [{ an: "object" }, []],
    ["failed", [], new Error("boom")],
    [Symbol("s"), []],
  ];
  const withoutTime = (line: string) => {
    const { time: _, ...rest } = JSON.parse(line);
    return rest;
  };
  for (const [msg, args, error] of cases) {
    const make = () =>
      new LogRecord("app", 10, { above: from, stacklevel: 1 } as never, 0, msg, args, error);
    const line = recordLine(formatter, make(), 10_000);
    assertEquals(withoutTime(line), withoutTime(formatter.format(make())), String(line));
  }
  const long = new LogRecord("app", 10, "", 0, "\u0001".repeat(5000), []);
  const cut = recordLine(formatter, long, 1000);
  assert(cut.length <= 1000);
  assertEquals(JSON.parse(cut).cut > 30_000, true);
  assertStringIncludes(JSON.parse(cut).message, "…");
});

Deno.test("what a program's record factory puts in place of a time or a name keeps no dump back", () => {
  const recorded = new Recorded(recording({ root: 10 }));
  const { manager } = recorded;
  const log = manager.getLogger("app");
  const odd: object[] = [
    ...[1.7e15, -1e300, 8.64e12, NaN, Infinity, "x", undefined].map((created) => ({ created })),
    ...[undefined, 5, "L".repeat(5000)].map((levelname) => ({ levelname })),
    ...[null, {}].map((name) => ({ name })),
  ];
  const from = Date.now();
  for (const parts of odd) {
    manager.recordFactory = (...given) => Object.assign(new LogRecord(...given), parts);
    log.debug("plain");
    log.error("with fields", { user: 7 });
  }
  manager.recordFactory = (...given) => Object.assign(new LogRecord(...given), { created: 0.25 });
  log.debug("old");
  const told = recorded.records.map((line) => parseDumpLine(JSON.stringify(line)) as DumpRecord);
  assertEquals(told.length, 2 * odd.length + 1);
  const old = told.find(({ message }) => message === "old");
  assertEquals(old?.time, "1970-01-01T00:00:00.250Z");
  for (const one of told) assert(one === old || Date.parse(one.time) >= from, one.time);
});

Deno.test("of a record that is longer than senders read of a line, the beginning is kept", () => {
  const recorded = new Recorded({ ...recording({ root: 10 }), size: 1 << 26 });
  const log = recorded.manager.getLogger("app");
  for (const text of ["x", "€", "\0"]) {
    log.debug(text.repeat(3_000_000));
    log.error("fields", { text: text.repeat(200_000) });
  }
  for (const line of recorded.records) {
    const json = JSON.stringify(line);
    parseDumpLine(json);
    assert(new TextEncoder().encode(json).length < MAX_LINE - 65_536, `${json.length}`);
  }
  assertEquals(recorded.records.length, 6);
});

Deno.test("fields are kept wherever they come from, and what lazy values give", () => {
  const recorded = new Recorded(recording({ root: 10 }));
  const { manager } = recorded;
  const log = manager.getLogger("app");
  log.debug("plain %s", 1);
  log.with({ from: "bound" }).debug("bound %d", 2);
  withContext({ from: "context" }, () => log.debug("context"));
  log.debug("extra", { extra: { from: "extra" } });
  log.debug("lazy %s", () => "value", { from: "call" });
  manager.recordFactory = (...args) => Object.assign(new LogRecord(...args), { from: "factory" });
  log.debug("factory");
  assertEquals(recorded.records.map(({ message, from }) => [message, from]), [
    ["plain 1", undefined],
    ["bound 2", "bound"],
    ["context", "context"],
    ["extra", "extra"],
    ["lazy value", "call"],
    ["factory", "factory"],
  ]);
});

Deno.test("secrets are taken out by whatever handler on the way would, and from the copy alone", () => {
  const recorded = new Recorded(recording({ root: 10 }));
  const { manager, handler } = recorded;
  const redaction: Redaction = {
    filter: () => true,
    redacted({ name, levelno, msg }) {
      return new LogRecord(name, levelno, "", 0, String(msg).replaceAll(/\d{4}/g, "****"));
    },
  };
  handler.setLevel("CRITICAL");
  handler.addFilter(redaction);
  manager.getLogger("app").debug("card 1234");
  manager.getLogger("app").critical("card 5678");
  assertEquals(recorded.messages, ["card ****", "card ****"]);
  assertEquals(handler.messages, ["card 5678"]);
});

Deno.test("a program's fields never pass for what a dump adds", () => {
  const recorded = new Recorded(recording({ root: 10 }));
  const fields = { thread: "other", pid: 1, levelno: 50, more: true };
  recorded.manager.getLogger("app").debug("fields", fields);
  const { thread, thread_, pid, pid_, levelno, levelno_, more } = recorded.records[0]!;
  assertEquals({ thread, pid, levelno, more }, {
    thread: "T",
    pid: Deno.pid,
    levelno: 10,
    more: true,
  });
  assertEquals({ thread_, pid_, levelno_ }, { thread_: "other", pid_: 1, levelno_: 50 });
});

Deno.test("the last ended threads are kept, and no more memory than there may be", () => {
  const recordings = new Recordings();
  const rings = (bytes: number) => ({
    lower: new SharedArrayBuffer(bytes),
    errors: new SharedArrayBuffer(0),
  });
  const add = (id: string, bytes: number) =>
    recordings.take({
      id,
      name: id,
      app: "",
      key: undefined,
      verifies: false,
      rings: rings(bytes),
    });
  const ids = () => recordings.all.map(({ thread: { id } }) => id);
  for (let number = 0; number < 40; number++) {
    add(String(number), 1024);
    recordings.end(String(number));
  }
  assertEquals(ids(), Array.from({ length: 32 }, (_, at) => String(at + 8)));
  add("living", 40 << 20);
  add("large", 30 << 20);
  recordings.end("large");
  assertEquals(ids(), ["living"], "those that live are always kept");
});

Deno.test("a dump before an error ends with it, also if the thread has logged on meanwhile", async () => {
  const manager = new Manager(), recordings = new Recordings();
  const orders: number[] = [];
  const recorder = new Recorder(
    manager,
    recording({ root: 10 }),
    () => {},
    (number) => orders.push(number),
  );
  new Watchers(manager, recorder).begin();
  const log = manager.getLogger("app");
  log.debug("before");
  log.error("failed");
  log.debug("after");
  log.error("failed again, in the same burst");
  const thread = recordedThread(recorder.rings!);
  recordings.take(thread);
  const path = await Deno.makeTempFile({ prefix: "logdial_dump_" });
  const dumps = new DumpFiles(recordings, true);
  dumps.add("1", { path, listeners: new ListenerCounts().buffer });
  const messages = () =>
    Deno.readTextFileSync(path).trim().split("\n").map((line) => JSON.parse(line).message)
      .filter((message) => message !== undefined);
  try {
    assertEquals(orders.length, 1);
    await dumps.write("error", "1", orders[0]);
    assertEquals(messages(), ["before", "failed"]);
    await dumps.write("exit status 1");
    assertEquals(messages(), ["before", "failed", "after", "failed again, in the same burst"]);
  } finally {
    exitSignals.unwatch(dumps);
    await Deno.remove(path);
  }
});
