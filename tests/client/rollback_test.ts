import { assertEquals } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { NewestChanges } from "../../src/client/newest_changes.ts";
import { rollback } from "../../src/client/rollback.ts";
import type { Speech } from "../harness/squatter.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { Squatter } from "../harness/squatter.ts";

const NOW = "2026-01-01T00:00:00.000Z", LATER = "2099-01-01T00:00:00.000Z";
const line = (value: object) => `${JSON.stringify(value)}\n`;

Deno.test("a listener that tells of later changes keeps nobody from taking theirs back", async (t) => {
  await using program = new OperatorProgram();
  await program.start("W");
  const { first: good, last: port } = program.ports;
  const options = { ports: [[good, good + 1], [port, port]] as const, timeout: 1000 };
  const ack = { logdial: 1, name: "X", pid: 1, port, status: "applied", generation: 1 };
  const change = (id: string, at = LATER) => ({ id, at, by: "x" });
  const statusWith = (changes: object[]) =>
    line({ logdial: 1, name: "X", pid: 1, port, levels: {}, changes });
  const fake = statusWith([change("f1"), change("f2"), change("f3")]);
  let isOver = Promise.withResolvers<void>();
  const mute = () => isOver.promise;
  /** Tells the good one's first change as the newest, and its newest as the first. */
  const known = async () =>
    (await program.status()).get("MainProcess")!.changes!.map(({ id }) => id);
  const cases: [name: string, probe: () => Promise<string>, frame: Speech][] = [
    ["has nothing to take back", () => Promise.resolve(fake), line({ ...ack, unchanged: true })],
    ["refuses", () => Promise.resolve(fake), line({ ...ack, status: "rejected" })],
    ["says nothing", () => Promise.resolve(fake), ""],
    ["does not answer", () => Promise.resolve(fake), mute],
    ["makes no sense", () => Promise.resolve(fake), "42\n"],
    [
      "gives them other places, and confirms it",
      async () => {
        const [first, second] = await known();
        return statusWith([change(second!, "1970-01-01T00:00:00Z"), change(first!)]);
      },
      line(ack),
    ],
  ];
  for (const [name, probe, frame] of cases) {
    await t.step(name, async () => {
      await set({ root: "WARNING" }, { ports: program.ports.range });
      await set({ root: "ERROR" }, { ports: program.ports.range });
      isOver = Promise.withResolvers();
      await using _squatter = new Squatter(port, await probe(), frame);
      using _ = { [Symbol.dispose]: isOver.resolve };
      for (const [from, to] of [["ERROR", "WARNING"], ["WARNING", "INFO"]] as const) {
        const deliveries = await rollback(1, options);
        const found = deliveries.filter((one) => one.port !== port)
          .map(({ outcome, previous, levels }) => [outcome, previous?.root, levels?.root]);
        assertEquals(found, [["applied", from, to], ["applied", from, to]]);
      }
    });
  }
  await t.step("two at once, which only the good ones have", async () => {
    await set({ root: "WARNING" }, { ports: program.ports.range });
    await set({ root: "ERROR" }, { ports: program.ports.range });
    await using _squatter = new Squatter(port, fake, line({ ...ack, unchanged: true }));
    const deliveries = await rollback(2, options);
    const levels = deliveries.map(({ levels }) => levels?.root);
    assertEquals(levels, ["INFO", "INFO", undefined]);
  });
  await t.step("one that confirms it is named", async () => {
    await set({ root: "WARNING" }, { ports: program.ports.range });
    await using _squatter = new Squatter(port, fake, line(ack));
    const [first] = await rollback(1, options);
    assertEquals([first!.outcome, first!.note], [
      "unchanged",
      `newer changes are told by port ${port}`,
    ]);
  });
});

Deno.test("listeners that tell of later changes and keep silent are waited for together", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  const { first: good, all } = program.ports;
  await program.start("W");
  await set({ root: "ERROR" }, { port: good });
  const ports = all.filter((port) => port > good);
  let open = 0;
  const { promise: allAsked, resolve } = Promise.withResolvers<void>();
  /** Says nothing, and hangs up only once all have been asked. */
  const mute = async () => {
    if (++open === ports.length) resolve();
    await allAsked;
  };
  await using stack = new AsyncDisposableStack();
  for (const port of ports) {
    const changes = [{ id: `f${port}`, at: LATER, by: "x" }];
    const status = line({ logdial: 1, name: "X", pid: 1, port, levels: {}, changes });
    stack.use(new Squatter(port, status, mute));
  }
  // None is waited for until its time is up, else this would take minutes.
  const deliveries = await rollback(1, { ports: program.ports.range, timeout: 60_000 });
  const found = deliveries.find(({ port }) => port === good)!;
  assertEquals([found.outcome, found.levels?.root], ["applied", "INFO"]);
  const others = deliveries.filter(({ port }) => port !== good);
  assertEquals(others.length, ports.length);
  for (const { outcome, error } of others) {
    assertEquals([outcome, error?.message], ["unconfirmed", "Not asked, since it does not answer"]);
  }
});

Deno.test("one that had told of what somebody else has taken back meanwhile goes as far as the others", async () => {
  using ports = PortBlock.claim(2);
  const asked: string[] = [], seen = new Map<string, number>();
  const statusOf = (port: number, changes: object[]) =>
    line({ logdial: 1, name: "X", pid: 1, port, levels: {}, changes });
  const answers = (port: number) => async (guest: Deno.TcpConn, payload: Uint8Array) => {
    const { id, ids = [] } = JSON.parse(new TextDecoder().decode(payload)).logdial;
    if (!seen.has(id)) seen.set(id, seen.size);
    asked.push(`${port - ports.first} ${seen.get(id)} ${ids}`);
    const ack = {
      logdial: 1,
      name: "X",
      pid: 1,
      port,
      status: "applied",
      generation: 1,
      unchanged: true,
    };
    await guest.write(new TextEncoder().encode(line(ack)));
  };
  await using stack = new AsyncDisposableStack();
  const changes = [{ id: "gone", at: NOW, by: "x" }];
  for (const [port, told] of [[ports.first, changes], [ports.last, []]] as const) {
    stack.use(new Squatter(port, statusOf(port, [...told]), answers(port)));
  }
  await rollback(1, { ports: ports.range });
  const frames = asked.filter((one) => !one.endsWith(" 0 ")).sort();
  // The first word of all is about the history, since they do not tell the same.
  assertEquals(frames, ["0 1 gone", "0 2 ", "1 2 "]);
});

Deno.test("of threads that share a port, each one's changes count, also if another one refuses", async () => {
  using ports = PortBlock.claim(2);
  const port = ports.first, asked: string[] = [];
  const change = (id: string, second: number) => ({
    id,
    at: `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`,
    by: "x",
  });
  const older = Array.from({ length: 30 }, (_, at) => change(`older${at}`, at));
  const thread = (name: string, changes: object[]) => ({
    logdial: 1,
    name,
    pid: 1,
    port: name === "Lead" ? port : 0,
    levels: {},
    changes,
  });
  const status = {
    ...thread("Lead", [...older, change("lead's", 40)]),
    followers: [
      thread("Other key", [...older, change("refused", 50)]),
      thread("One", older),
      thread("Two", older),
    ],
  };
  const answer = async (guest: Deno.TcpConn, payload: Uint8Array) => {
    const { ids } = JSON.parse(new TextDecoder().decode(payload)).logdial;
    if (ids !== undefined) asked.push(...ids);
    const ack = (name: string, more: object) => ({
      logdial: 1,
      name,
      pid: 1,
      port: 0,
      status: "applied",
      generation: 1,
      ...more,
    });
    const none = { unchanged: true };
    const followers = [
      ack("Other key", { status: "rejected", error: { message: "the signature is wrong" } }),
      ack("One", none),
      ack("Two", none),
    ];
    const lead = ack("Lead", ids?.includes("lead's") ? {} : none);
    await guest.write(new TextEncoder().encode(line({ ...lead, port, followers })));
  };
  await using _squatter = new Squatter(port, line(status), answer);
  const done = await rollback(1, { ports: ports.range });
  assertEquals(asked, ["refused", "lead's"]);
  assertEquals(done.map(({ name, outcome }) => [name, outcome]), [
    ["Lead", "applied"],
    ["Other key", "rejected"],
    ["One", "unchanged"],
    ["Two", "unchanged"],
  ]);
  asked.length = 0;
  await rollback(2, { port });
  assertEquals(asked, ["older29", "lead's"], "the port is that of its own thread alone");
});

Deno.test("what counts as the newest changes", () => {
  const claims = [
    { port: 1, changes: [{ id: "a", at: NOW }, { id: "b", at: LATER }] },
    { port: 2, changes: [{ id: "a", at: NOW }] },
    { port: 3, changes: Array.from({ length: 9999 }, (_, at) => ({ id: `x${at}`, at: LATER })) },
  ];
  const newest = new NewestChanges(2, claims);
  assertEquals(newest.idsFor(1), ["x9997", "x9998"]);
  assertEquals(newest.tellsAlone(3, ["x9997", "x9998"]), true);
  newest.doubt(3);
  assertEquals(newest.idsFor(2), ["a", "b"]);
  assertEquals([newest.tells(1, ["a"]), newest.tellsAlone(1, ["a"])], [true, false]);
  assertEquals([newest.tells(2, ["b"]), newest.tellsAlone(1, ["b"])], [false, true]);
  newest.doubt(1);
  assertEquals(newest.idsFor(2), undefined);
});
