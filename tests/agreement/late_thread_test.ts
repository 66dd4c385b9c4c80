import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type PortRange, rollback, send, set, status, tail } from "../../src/client/mod.ts";
import { encodeFrame, PROBE } from "../../src/wire/frame.ts";
import { parseStatus } from "../../src/wire/message.ts";
import { PortBlock } from "../harness/port_block.ts";
import { say, sendConfig } from "../harness/raw_peer.ts";
import type { Levels } from "./model.ts";
import { Threads } from "./threads.ts";

const START: Levels = { root: 20, app: 0, "app.db": 0 };

/** A case: what is done to a process with a main thread, and what a worker begins with then. */
interface Case {
  readonly desc: string;
  readonly act: (ports: PortRange, threads: Threads) => Promise<unknown>;
  readonly late: Levels;
  /** What the main thread is at, if not the same. */
  readonly main?: Levels;
}

const ERROR = { ...START, root: 40 }, DEBUG = { ...START, root: 10 };

const CASES: readonly Case[] = [
  {
    desc: "the same twice and one rollback leave the first of both",
    act: async (ports) => {
      for (let time = 0; time < 2; time++) await set({ root: "ERROR" }, { ports, forever: true });
      await rollback(1, { ports });
    },
    late: ERROR,
  },
  {
    desc: "a rollback on one port is none of its business",
    act: async ([first]) => {
      await set({ root: "ERROR" }, { ports: [first, first + 1], forever: true });
      await rollback(1, { port: first });
    },
    late: ERROR,
    main: START,
  },
  {
    desc: "so is a change on one port",
    act: ([first]) => set({ root: "ERROR" }, { port: first, forever: true }),
    late: START,
    main: ERROR,
  },
  {
    desc: "a change for other names is not for it",
    act: (ports) => set({ root: "ERROR" }, { ports, name: "Main*", forever: true }),
    late: START,
    main: ERROR,
  },
  {
    desc: "a change for names like its own is",
    act: (ports) => set({ root: "ERROR" }, { ports, name: "*a*", forever: true }),
    late: ERROR,
  },
  {
    desc: "what was taken back below an override that has ended is gone",
    act: async (ports, threads) => {
      await set({ root: "DEBUG" }, { ports, forever: true });
      await set({ root: "WARNING" }, { ports, for: "100ms" });
      await threads.child.eventually("the end of the override", async () => {
        return (await threads.tell("MainProcess", { do: "look" })).root === 10 || undefined;
      });
      await rollback(1, { ports });
    },
    late: START,
  },
  {
    desc: "likewise a whole configuration",
    act: async (ports) => {
      await send('{"version": 1, "root": {"level": "DEBUG"}}', { ports });
      await set({ root: "WARNING" }, { ports, for: "10m" });
      await rollback(2, { ports });
    },
    late: START,
  },
  {
    desc: "what is too old to be taken back stays",
    act: async (ports) => {
      const all = ["DEBUG", "ERROR", ...Array<string>(16).fill("INFO")];
      for (const root of all) await set({ root }, { ports, forever: true });
      const outcomes: string[] = [];
      for (const steps of [16, 1]) outcomes.push((await rollback(steps, { ports }))[0]!.outcome);
      assertEquals(outcomes, ["applied", "unchanged"]);
    },
    late: ERROR,
  },
  {
    desc: "what others refused is not remembered",
    act: async (ports) => {
      await set({ root: "ERROR" }, { ports, forever: true });
      await set({ root: "LOUD" }, { ports, forever: true });
      await rollback(60, { ports });
    },
    late: ERROR,
  },
  {
    desc: "what waits for a thread that computes is for it too",
    act: async ([first], threads) => {
      const computed = threads.tell("MainProcess", { do: "compute", ms: 1000 });
      await threads.child.until("computing");
      // It is put on the board at once; the answer takes longer.
      await sendConfig(first, { version: 1, incremental: true, root: { level: "DEBUG" } });
      await computed;
    },
    late: DEBUG,
  },
];

for (const { desc, act, late, main = late } of CASES) {
  Deno.test(`a worker that starts late: ${desc}`, async () => {
    using ports = PortBlock.claim(4);
    await using threads = new Threads(ports);
    await threads.begin("MainProcess");
    await act(ports.range, threads);
    assertEquals(await threads.begin("Late"), late);
    assertEquals(await threads.tell("MainProcess", { do: "look" }), main);
  });
}

Deno.test("a worker that starts after the hub's end begins with all that was meant for it", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  // The main thread does not listen, so that the hub ends with the first of these.
  await threads.begin("A1");
  await threads.begin("B1");
  await threads.tell("B1", { do: "await standby" });
  await set({ "app.db": "DEBUG" }, { ports: ports.range, forever: true });
  for (let made = 0; made < 17; made++) {
    await sendConfig(ports.first, incremental(made));
    await sendConfig(ports.first + 1, incremental(made));
  }
  await set({ app: "WARNING" }, { ports: ports.range, name: "A*", for: "10m" });
  await threads.tell("A1", { do: "end" });
  assertEquals(await threads.begin("A2"), { root: 40, app: 30, "app.db": 10 });
  assertEquals(await threads.begin("B2"), { root: 40, app: 0, "app.db": 10 });
  assertEquals(await threads.tell("B1", { do: "look" }), { root: 40, app: 0, "app.db": 10 });
});

Deno.test("after the hub's end a rollback takes back what is in force, though some threads never had it", async () => {
  using ports = PortBlock.claim(5);
  await using threads = new Threads(ports);
  for (const name of ["A1", "B1", "C1"]) await threads.begin(name);
  await threads.tell("B1", { do: "await standby" });
  await set({ root: "ERROR" }, { ports: ports.range, forever: true });
  await set({ app: "DEBUG" }, { ports: ports.range, forever: true });
  await rollback(1, { port: ports.first + 2 });
  await threads.begin("Checked", { refusesAll: true });
  await threads.child.eventually("what verify has refused", async () => {
    return (await status({ ports: ports.range, name: "Checked" }))[0]!.pending === 0 || undefined;
  });
  await threads.tell("A1", { do: "end" });
  // The next hub has the port once it serves this one.
  assertEquals(await threads.begin("Late"), { ...START, root: 40, app: 10 });
  const undo = { logdial: { command: "rollback", steps: 1, id: "undo" } };
  await say(ports.first + 1, encodeFrame(new TextEncoder().encode(JSON.stringify(undo))));
  for (const name of ["B1", "C1"]) {
    assertEquals(await threads.tell(name, { do: "look" }), { ...START, root: 40 }, name);
  }
});

for (const late of ["Late", "MainProcess"]) {
  Deno.test(`so does ${late} that starts between two hubs, of which none stood by`, async () => {
    using ports = PortBlock.claim(4);
    await using threads = new Threads(ports);
    await threads.begin("Host");
    await threads.begin("W");
    await set({ app: "DEBUG" }, { ports: ports.range, for: "10m" });
    await threads.tell("Host", { do: "end" });
    await threads.child.eventually("the end of the hub", () => {
      return Deno.connect({ port: ports.first + 1 }).then(
        (conn) => conn.close(),
        () => true as const,
      );
    });
    assertEquals(await threads.begin(late), { ...START, app: 10 });
  });
}

/** One of the changes that a thread cannot take back all. */
function incremental(number: number): object {
  return { version: 1, incremental: true, root: { level: "ERROR" }, logdial: { id: `${number}` } };
}

Deno.test("a change that waits for all threads is what a worker begins with", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  await threads.begin("MainProcess");
  await threads.begin("W");
  await set({ root: "ERROR" }, { ports: ports.range, forever: true });
  const computed = threads.tell("W", { do: "compute", ms: 2000 });
  await threads.child.until("computing");
  // The main thread refuses it, and the worker has not come to it.
  const refused = await set({ root: "LOUD" }, { ports: ports.range, forever: true });
  assertEquals(refused.map(({ outcome }) => outcome), ["rejected", "pending"]);
  await rollback(60, { ports: ports.range });
  assertEquals(await threads.begin("Late"), ERROR);
  assertEquals(await computed, ERROR);
});

Deno.test("who stops listening keeps what was to stay, and nothing that was to end", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  await threads.begin("MainProcess");
  await set({ root: "ERROR" }, { ports: ports.range, forever: true });
  await set({ app: "DEBUG" }, { ports: ports.range, for: "1h" });
  assertEquals(await threads.tell("MainProcess", { do: "stop" }), ERROR);
  await threads.tell("MainProcess", { do: "set", logger: "", level: 50 });
  const again = await threads.listen("MainProcess", { refusesAll: true });
  assertEquals(again, { ...START, root: 50 }, "nothing comes back over what it has set since");
  assertEquals(threads.child.stdout.lines.filter((line) => line.includes("verify")), []);
});

Deno.test("what was missed while not listening is made up for", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  await threads.begin("MainProcess");
  await threads.begin("W");
  await set({ root: "ERROR" }, { ports: ports.range, forever: true });
  await threads.tell("W", { do: "stop" });
  await rollback(1, { ports: ports.range });
  await set({ app: "DEBUG" }, { ports: ports.range, forever: true });
  assertEquals(await threads.tell("W", { do: "look" }), ERROR);
  assertEquals(await threads.listen("W"), { ...START, app: 10 });
});

Deno.test("a worker gets only what its own key and verify let in", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  await threads.begin("MainProcess");
  await set({ root: "ERROR" }, { ports: ports.range, forever: true });
  assertEquals(await threads.begin("Keyed", { key: "secret" }), START);
  assertEquals(await threads.begin("Checked", { refusesAll: true }), START);
  await threads.child.until("verify was asked");
  assertEquals(await threads.begin("Free"), ERROR);
  const signed = { key: "secret", forever: true, wait: 10_000 };
  const keyed = await set({ app: "DEBUG" }, { ports: ports.range, ...signed });
  assertEquals(keyed.map(({ name, outcome }) => `${name} ${outcome}`).sort(), [
    "Checked rejected",
    "Free applied",
    "Keyed applied",
    "MainProcess applied",
  ]);
  assertEquals(await threads.begin("Keyed too", { key: "secret" }), { ...START, app: 10 });
});

Deno.test("who knows the id of a signed change gets neither its trust nor its name", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  await threads.begin("MainProcess", { key: "secret" });
  const signed = { key: "secret", by: "kim", forever: true, port: ports.first };
  await set({ app: "DEBUG" }, signed);
  const { changed } = parseStatus(await say(ports.first, PROBE))!;
  assertEquals(changed!.label, "set app=DEBUG");
  const { id } = changed!;
  await threads.begin("Free");
  const folder = await Deno.makeTempDir();
  const handlers = { f: { class: "logging.FileHandler", filename: `${folder}/evil.log` } };
  const file = { version: 1, handlers, root: { handlers: ["f"] }, logdial: { id } };
  const refused = await sendConfig(ports.first + 1, file);
  assertStringIncludes(refused.error!.message, "an unsigned change may only have handlers");
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder);

  const levels = { version: 1, incremental: true, root: { level: "CRITICAL" }, logdial: { id } };
  assertEquals((await sendConfig(ports.first + 1, levels)).status, "applied");
  const other = parseStatus(await say(ports.first + 1, PROBE))!.changed!;
  assertEquals([other.label, other.user, other.id === id], [undefined, undefined, false]);
  assertMatch(other.by, /^127\.0\.0\.1:\d+$/);
});

Deno.test("a tail shows no thread that who asks for it is not let in to", async (t) => {
  const cases = [
    { main: "secret", worker: undefined, key: undefined, seen: ["W"] },
    { main: undefined, worker: "secret", key: undefined, seen: ["MainProcess"] },
    { main: undefined, worker: "secret", key: "secret", seen: ["MainProcess", "W"] },
  ];
  for (const { main, worker, key, seen } of cases) {
    const keys = `main ${main}, worker ${worker}, tail ${key}`;
    await t.step(keys, async () => {
      using ports = PortBlock.claim(2);
      await using threads = new Threads(ports);
      // With the only port taken, the worker follows.
      const only: [number, number] = [ports.first, ports.first];
      await threads.tell("MainProcess", { do: "begin", ports: only, key: main });
      await threads.tell("W", { do: "begin", ports: only, key: worker });
      const end = new AbortController(), found = new Set<string>();
      const reading = (async () => {
        for await (const line of tail({ ports: ports.range, key, signal: end.signal })) {
          if ("message" in line) found.add(line.thread);
        }
      })();
      await threads.child.eventually("records of those who are let in", async () => {
        for (const name of ["W", "MainProcess"]) await threads.tell(name, { do: "log", text: "x" });
        return seen.every((name) => found.has(name)) || undefined;
      });
      end.abort();
      await reading;
      assertEquals([...found].sort(), seen);
    });
  }
});

Deno.test("what a thread's verify has refused is not offered to it again with a later worker", async () => {
  using ports = PortBlock.claim(4);
  await using threads = new Threads(ports);
  await threads.begin("MainProcess");
  await threads.begin("Checked", { refusesAll: true });
  await set({ root: "ERROR" }, { ports: ports.range, forever: true });
  const asked = () => threads.child.stdout.lines.filter((line) => line.includes("verify")).length;
  await threads.child.until("verify was asked");
  assertEquals(await threads.begin("Late"), ERROR);
  assertEquals(await threads.tell("Checked", { do: "look" }), START);
  assertEquals(asked(), 1);
});
