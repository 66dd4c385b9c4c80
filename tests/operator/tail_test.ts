import { assert, assertEquals, assertRejects } from "@std/assert";
import { NoTargetError } from "../../src/client/targets.ts";
import { scan } from "../../src/client/ports/scan.ts";
import { why } from "../../src/client/loggers.ts";
import { tail, type TailOptions } from "../../src/client/tail.ts";
import type { TailFailure, TailGap, TailRecord } from "../../src/client/tail_line.ts";
import { encodeFrame } from "../../src/wire/frame.ts";
import type { Why } from "../../src/wire/logger_info.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import { least } from "../harness/least.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { RawPeer } from "../harness/raw_peer.ts";

const TAIL_REQUEST = new TextEncoder().encode(
  JSON.stringify({ logdial: { command: "tail", level: 10 } }),
);

/** What a tail has shown so far. */
class Watch implements AsyncDisposable {
  readonly records: TailRecord[] = [];
  readonly gaps: TailGap[] = [];
  readonly failures: TailFailure[] = [];
  readonly ended: Promise<void>;
  readonly #controller = new AbortController();
  #wake = () => {};

  constructor(options: TailOptions) {
    this.ended = this.#follow({ ...options, signal: this.#controller.signal });
  }

  /** Waits for a record that fits. */
  async until(test: (record: TailRecord) => boolean): Promise<TailRecord> {
    const look = async () => {
      for (;;) {
        const found = this.records.find(test);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
    };
    return await within(look(), () => `a record, not ${JSON.stringify(this.records.slice(-5))}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    await this.ended;
  }

  async #follow(options: TailOptions): Promise<void> {
    for await (const one of tail(options)) {
      if ("message" in one) this.records.push(one);
      else if ("dropped" in one) this.gaps.push(one);
      else this.failures.push(one);
      this.#wake();
    }
  }
}

/** Logs until the tail shows it: from then on nothing is missed. */
async function untilWatched(
  program: OperatorProgram,
  name: string,
  watch: Watch,
  logger = "app.begin",
): Promise<void> {
  const seen = () =>
    watch.records.some(({ message, thread }) => message === "begin" && thread === name) ||
    undefined;
  await program.child.eventually("the tail", async () => {
    await program.tell(name, { do: "log", logger, text: "begin" });
    return seen();
  });
}

Deno.test("a tail sees what the program does not print, and nothing else changes", async () => {
  await using program = new OperatorProgram();
  await program.start("Busy");
  await program.makeBusy("Busy");
  const ports = program.ports.range;
  await using watch = new Watch({ ports });
  await untilWatched(program, "MainProcess", watch);
  await program.tell("MainProcess", { do: "log", logger: "app.db", text: "here" });
  const record = await watch.until(({ message }) => message === "here");
  assertEquals(
    [record.level, record.levelno, record.logger, record.thread, record.pid, record.port],
    ["DEBUG", 10, "app.db", "MainProcess", program.child.pid, ports[0]],
  );
  assertEquals([record.module, record.funcName, typeof record.lineno], [
    "operator",
    "say",
    "number",
  ]);
  // A thread that computes is watched as well.
  await watch.until(({ thread, level }) => thread === "Busy" && level === "DEBUG");
  for (const { levels, changed } of (await program.status()).values()) {
    assertEquals([levels, changed], [{ root: "INFO" }, null]);
  }
  await program.line("ERROR|here");
  assertEquals(program.child.stdout.matching("DEBUG"), []);
  assertEquals(program.child.stdout.matching("logdial"), [], "nothing has changed");
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("several tails see each its own, and their end leaves the program as it was", async () => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const ports = program.ports.range;
  await using all = new Watch({ ports });
  {
    await using errors = new Watch({ ports, level: "ERROR" });
    await using database = new Watch({ ports, logger: "app.db" });
    await using root = new Watch({ ports, logger: "root" });
    await untilWatched(program, "MainProcess", all);
    await untilWatched(program, "MainProcess", errors);
    await untilWatched(program, "MainProcess", root);
    await untilWatched(program, "MainProcess", database, "app.db");
    for (const logger of ["app.db", "app.db.pool", "app.dbx", "other"]) {
      await program.tell("MainProcess", { do: "log", logger, text: logger });
    }
    const isLast = ({ message, level }: TailRecord) => message === "other" && level === "ERROR";
    await all.until(isLast);
    await errors.until(isLast);
    await root.until(isLast);
    await database.until(({ message, level }) => message === "app.db.pool" && level === "ERROR");
    assertEquals(new Set(errors.records.map(({ level }) => level)), new Set(["ERROR"]));
    const seen = new Set(database.records.map(({ logger }) => logger));
    assertEquals(seen, new Set(["app.db", "app.db.pool"]));
  }
  await program.tell("MainProcess", { do: "log", logger: "app.db", text: "after" });
  await all.until(({ message }) => message === "after");
  assertEquals(program.child.stdout.matching("DEBUG"), []);
});

Deno.test("a tail follows threads that start later, if they are meant", async () => {
  await using program = new OperatorProgram();
  await program.start("Early #1", "Other");
  await using watch = new Watch({ ports: program.ports.range, name: "Early*" });
  await untilWatched(program, "Early #1", watch);
  await program.start("Late", "Early #2");
  await untilWatched(program, "Early #2", watch);
  await program.tell("Early #2", { do: "log", text: "from the late one" });
  const { thread } = await watch.until(({ message }) => message === "from the late one");
  assertEquals(thread, "Early #2");
  const seen = new Set(watch.records.map(({ thread }) => thread));
  assertEquals(seen, new Set(["Early #1", "Early #2"]));
});

Deno.test("a tail follows the thread that comes to the port of one that it could not follow", async () => {
  await using program = new OperatorProgram();
  await program.until("MainProcess", () => true);
  const ports = program.ports.range;
  await using other = new OperatorProgram({ options: { ports, key: "secret" } });
  const both = async () => (await scan({ ports })).length === 2 || undefined;
  await other.child.eventually("its port", both);
  await using watch = new Watch({ ports });
  await other.child.eventually("its refusal", () => watch.failures.length > 0 || undefined);
  other.child.signal("SIGKILL");
  await other.child.ended;
  await program.start("Late");
  await untilWatched(program, "Late", watch);
  assertEquals(watch.failures.map(({ port }) => port), [ports[0]! + 1]);
  assertEquals(watch.records.find(({ thread }) => thread === "Late")?.port, ports[0]! + 1);
});

Deno.test("a tail ends with its thread, and shows what that said last", async () => {
  await using program = new OperatorProgram();
  await program.start("Worker");
  const ports = program.ports.range;
  await using watch = new Watch({ ports, name: "Worker" });
  await untilWatched(program, "Worker", watch);
  await program.tell("Worker", { do: "flood", count: 100 });
  await program.tell("Worker", { do: "close" });
  await within(watch.ended, () => "the end of the tail");
  assertEquals(watch.records.at(-1)!.message, "flood 99");
  await assertRejects(() => new Watch({ ports, name: "Worker" }).ended, NoTargetError);
});

Deno.test("a thread whose hub has ended is not tailed any more, until it is asked for again", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Host");
  await program.start("Worker");
  const { port } = await program.until("Worker", () => true);
  const isTailed = async () =>
    ((await why("app", "DEBUG", { port }))[0]!.result as Why | undefined)?.tailed;
  using first = await RawPeer.connect(port);
  await first.write(encodeFrame(TAIL_REQUEST));
  await program.child.eventually("the tail", async () => await isTailed() || undefined);
  await program.endHub("Host", "Worker");
  await within(first.readAll(), () => "the end of the tail");
  assertEquals(await isTailed(), false);
  await program.tell("Worker", { do: "log", text: "seen by nobody" });
  await program.line("ERROR|seen by nobody");
  await using second = new Watch({ port });
  await untilWatched(program, "Worker", second);
  assertEquals(new Set(second.records.map(({ message }) => message)), new Set(["begin"]));
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("a tail goes on after the end of the hub, and says that records in between may be missing", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Host");
  await program.start("Worker");
  const { port } = await program.until("Worker", () => true);
  await using watch = new Watch({ port });
  await untilWatched(program, "Worker", watch);
  await program.endHub("Host", "Worker");
  watch.records.length = 0;
  await untilWatched(program, "Worker", watch);
  const failure = "records in between may be missing";
  assertEquals(watch.failures, [{ port, failure, isAgain: true }]);
});

Deno.test("workers of one name that come and end one after the other are all followed", async () => {
  await using program = new OperatorProgram();
  await program.until("MainProcess", () => true);
  await using watch = new Watch({ ports: program.ports.range });
  for (let count = 0; count < 4; count++) {
    await program.start("Job");
    watch.records.length = 0;
    await untilWatched(program, "Job", watch);
    await program.tell("Job", { do: "close" });
    await program.child.eventually("its end", async () => {
      return !(await program.status()).has("Job") || undefined;
    });
  }
});

Deno.test("slow and dead readers do not slow the program, and what they miss is counted", async () => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const ports = program.ports.range;
  const count = 60_000;
  const flood = async (): Promise<number> => {
    const from = program.child.stdout.lines.length;
    await program.tell("MainProcess", { do: "flood", count });
    const line = await program.line("flooded in", from);
    return Number(/in (\d+) ms/.exec(line)![1]);
  };
  const request = encodeFrame(TAIL_REQUEST);
  await using watch = new Watch({ ports });
  await untilWatched(program, "MainProcess", watch);
  const watched = await flood();
  // Lines beside those of the floods, of which some may be missed as well.
  let others = 0;
  const logUntil = async (text: string, isDone: () => boolean) => {
    await program.child.eventually(text, async () => {
      if (isDone()) return true;
      await program.tell("MainProcess", { do: "log", text });
      others += 2;
      return undefined;
    });
  };
  // It reads once, and the other one never.
  using slow = await RawPeer.connect(ports[0]!);
  await slow.write(request);
  using gone = await RawPeer.connect(ports[0]!);
  await gone.write(request);
  gone[Symbol.dispose]();
  let isServed = false;
  void slow.readSome().then(() => isServed = true);
  await logUntil("again", () => isServed);
  const memory = program.child.residentMiB();
  let floods = 1;
  const most = 4 * watched + 500;
  const withSlow = await least(most, () => (floods++, flood()));
  const has = (text: string) => watch.records.some(({ message }) => message === text);
  await logUntil("end", () => has("end"));
  // What was missed just before the last line is told just after it.
  await program.child.eventually("all lines, shown or counted", () => {
    const shown = watch.records.filter(({ message }) => message !== "begin").length;
    const missed = watch.gaps.reduce((sum, gap) => sum + gap.dropped, 0);
    return shown + missed === floods * count + others || undefined;
  });
  assert(withSlow < most, `${withSlow} ms instead of ${watched}`);
  assert(program.child.residentMiB() - memory < 60);
  assertEquals(program.child.stdout.matching("DEBUG"), []);
  assertEquals(program.child.stderr.lines, []);
});

Deno.test("tail prints until --count, --for or the end, what --grep lets through", async () => {
  await using program = new OperatorProgram();
  await program.start("Busy");
  await program.makeBusy("Busy");
  const allow = ["--allow-net", "--allow-read"];
  const run = (...args: string[]) =>
    ChildProgram.deno("src/cli/main.ts", {
      allow,
      args: ["tail", "--ports", program.ports.text, ...args],
    });
  await using counted = run("--level", "debug", "--grep", "^bus.$", "--count", "3");
  await using none = run("--name", "Nobody");
  await using slip = run("--logger", "rot", "--name", "MainProcess");
  await slip.untilError('rot is no logger yet, did you mean "root"?');
  const lines = (await counted.output()).split("\n");
  assertEquals(lines.length, 3);
  for (const line of lines) {
    assert(/^20\d\d-.* - operator\.say - Busy - (DEBUG|ERROR) - busy$/.test(line), line);
  }
  assertEquals((await none.end()).code, 3);
  // Its time begins before it has found the threads.
  for (let seconds = 1, count = 0; count <= 10; seconds *= 2) {
    await using timed = run("--for", `${seconds}s`, "--json", "--name", "Busy");
    const lines = (await timed.output()).split("\n").filter((line) => line !== "");
    count = lines.length;
    for (const line of lines) assertEquals((JSON.parse(line) as TailRecord).message, "busy");
    assert(count > 10 || seconds < 16, `${count} records`);
  }
});
