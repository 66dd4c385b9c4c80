import { assertEquals } from "@std/assert";
import type { PastChange } from "../../src/client/read_results.ts";
import { levelsConfig } from "../../src/client/levels_config.ts";
import type { AgentReport } from "../../src/fleet/agent_report.ts";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import {
  type HostThread,
  type Sending,
  TAKEN_BACK,
  type ThreadHost,
} from "../../src/fleet/host_threads.ts";
import { LinesBook } from "../../src/fleet/lines_book.ts";
import { ServerClock } from "../../src/fleet/server_clock.ts";
import { ThreadKeeper } from "../../src/fleet/thread_keeper.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";

const CLOCK = new ServerClock(() => 1000, () => 1000);
const CHANGED = { at: new Date(500).toISOString(), by: "kim (127.0.0.1:1)", detail: "" };

/** A thread that takes all that it is sent, and its keeper. */
class Kept {
  /** The ids of what it has. */
  readonly has: string[] = [];
  readonly past: PastChange[] = [];
  /** The lines that its program had left before. */
  readonly lines = new Map<string, number>();
  readonly #keeper: ThreadKeeper;

  constructor() {
    const host = {
      past: () => Promise.resolve(this.past),
      send: (_: unknown, __: StoredChange, { wireId }: Sending) => {
        this.has.push(wireId);
        this.past.push({ ...CHANGED, id: wireId, what: "change", outcome: "applied" });
        return Promise.resolve({ outcome: "applied", port: 9101 });
      },
    } as unknown as ThreadHost;
    const thread = { target: {} as never, status: undefined };
    this.#keeper = new ThreadKeeper(host, thread, this.lines);
  }

  /** Has it have these changes; tells how they stand. */
  async keep(...wanted: readonly StoredChange[]): Promise<string[]> {
    const status = {
      ...{ logdial: 2, name: "W", app: "", pid: 1, port: 9101, levels: {}, pending: 0, can: [] },
      ...{ overrides: [], changes: this.has.map((id) => ({ ...CHANGED, id })) },
    } as unknown as ThreadStatus;
    this.#keeper.seen({ target: {} as never, status });
    const view = { bucket: "b", wanted, waiting: [], readAt: 1000, clock: CLOCK };
    const { changes } = await this.#keeper.keep(view);
    return changes.map(({ id, state, detail }) => `${id} ${state} ${detail ?? ""}`.trim());
  }
}

function change(id: string, lasts?: number): StoredChange {
  return { id, label: id, text: levelsConfig({ app: "INFO" }), to: {}, at: 100, lasts };
}

Deno.test("of changes that have ended together, as by the program's own configuration, none is told as applied", async () => {
  const thread = new Kept();
  const all = [change("stays"), change("one", 60_000), change("two", 60_000)];
  const applied = ["stays applied", "one applied", "two applied"];
  assertEquals(await thread.keep(...all), applied);
  assertEquals(await thread.keep(...all), applied);
  // A thread names one of them; what stays can be taken back no more, and is in force.
  const id = thread.has.at(-1)!, detail = "the program has configured its logging anew";
  thread.past.push({ ...CHANGED, id, what: "configure", outcome: "ended", detail });
  thread.has.length = 0;
  const ended = ["stays applied", "one ended the thread has it no more", `two ended ${detail}`];
  assertEquals(await thread.keep(...all), ended);
  assertEquals(await thread.keep(...all), ended);
});

Deno.test("who has taken a change back is told, though another agent had done so before", async () => {
  const thread = new Kept(), one = change("one");
  await thread.keep(one);
  const takeBack = (label: string) => {
    const takenBack = [{ ...CHANGED, id: thread.has.pop()! }];
    thread.past.push({ ...CHANGED, what: "rollback", label, outcome: "applied", takenBack });
  };
  takeBack(TAKEN_BACK);
  assertEquals(await thread.keep(one), ["one applied"]);
  assertEquals(thread.has.length, 1, "it is sent again");
  takeBack("rollback 1");
  assertEquals(await thread.keep(one), ["one ended rollback 1 by kim (127.0.0.1:1)"]);
  assertEquals(thread.has, []);
});

Deno.test("processes that have one number, as in containers, have lines of their own", () => {
  const book = new LinesBook(), running = new Set(["1 A", "1 B", "1", "2 C", "2"]);
  const pageOf = (process: string) => {
    const [pid, instance] = process.split(" ");
    const status = { app: "shop", pid: Number(pid), instance }, target = { port: 9001, status };
    return book.pageOf({ target, status } as unknown as HostThread, (one) => running.has(one));
  };
  const told = { app: "shop", pid: 2, changes: [{ id: "one", state: "applied", linesLeft: 7 }] };
  book.learn({ threads: [told] } as unknown as AgentReport);
  pageOf("1 A").set("one", 0);
  assertEquals(["1 A", "1 B", "2 C"].map((one) => pageOf(one).get("one")), [0, undefined, 7]);
  // A is started anew, and B asks first.
  running.delete("1 A");
  pageOf("1 B").set("one", 10);
  assertEquals(["1 B", "1 D"].map((one) => pageOf(one).get("one")), [10, 0]);
});

Deno.test("a change whose lines a program has logged is not sent to it once more", async () => {
  const thread = new Kept(), one = { ...change("one", 60_000), lines: 10 };
  thread.lines.set("one", 0);
  const ended = ["one ended its lines have been logged"];
  assertEquals(await thread.keep(one), ended);
  assertEquals(await thread.keep(one), ended);
  assertEquals(thread.has, []);
});
