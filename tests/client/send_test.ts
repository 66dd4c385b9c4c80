import { assert, assertEquals, assertRejects } from "@std/assert";
import type { TopOrder } from "../fixtures/top.ts";
import { reset, set } from "../../src/client/commands.ts";
import { scan, UnreachableError } from "../../src/client/ports/scan.ts";
import { send } from "../../src/client/send.ts";
import { why } from "../../src/client/loggers.ts";
import { record } from "../../src/client/record.ts";
import { rollback } from "../../src/client/rollback.ts";
import { status } from "../../src/client/status.ts";
import { tail } from "../../src/client/tail.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";
import { taggedConfig } from "../harness/tagged_config.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

/** A thread that only waits for a processor is waited for. */
const wait = 20_000;

Deno.test("send reaches all threads at once and tells what became of each", async () => {
  using ports = PortBlock.claim(29);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  const names = Array.from({ length: 8 }, (_, index) => `W${index}`);
  for (const name of names) await program.start(name);
  await program.untilThreads("MainProcess", ...names);
  const deliveries = await send(taggedConfig("ALL", "ERROR"), { ports: ports.range, wait });
  assertEquals(deliveries.map(({ name }) => name).sort(), ["MainProcess", ...names].sort());
  for (const { outcome, pid, previous, levels } of deliveries) {
    assertEquals([outcome, pid], ["applied", program.child.pid]);
    assertEquals([previous, levels], [{ root: "DEBUG" }, { root: "ERROR" }]);
  }
});

Deno.test("of threads of several programs in one process, only those of the program are turned", async () => {
  using block = PortBlock.claim(2);
  const ports = block.range, app = "shop", mail = { ports, app: "mail" };
  await using child = ChildProgram.deno("tests/fixtures/top.ts");
  const orders = new ThreadOrders(child);
  const begin = async (name: string, app: string) => {
    const order: Omit<TopOrder, "name" | "number"> = { do: "begin", ports, app };
    await orders.tell(name, order);
  };
  await begin("MainProcess", "shop");
  await begin("Mail1", "mail");
  await begin("Mail2", "mail");
  await begin("Shop2", "shop");
  const ours = ["MainProcess", "Shop2"];
  for (const atomic of [false, true]) {
    const done = await set({ x: "DEBUG" }, { ports, app, atomic });
    assertEquals(done.map(({ name, outcome }) => [name, outcome]), [
      ["MainProcess", "applied"],
      ["Shop2", "applied"],
    ]);
  }
  await begin("Mail3", "mail");
  await begin("Shop3", "shop");
  const levels = async () =>
    (await status({ ports })).map(({ name, app, levels }) => [name, app, levels.x]).sort();
  assertEquals(await levels(), [
    ["Mail1", "mail", undefined],
    ["Mail2", "mail", undefined],
    ["Mail3", "mail", undefined],
    ["MainProcess", "shop", "DEBUG"],
    ["Shop2", "shop", "DEBUG"],
    ["Shop3", "shop", "DEBUG"],
  ]);
  const listed = async (app: string) =>
    (await status({ ports, app })).map(({ name, app }) => [name, app]).sort();
  assertEquals(await listed("mail"), [["Mail1", "mail"], ["Mail2", "mail"], ["Mail3", "mail"]]);
  const args = ["status", "--ports", ports.join("-"), "--app", "mail", "--json"];
  const told = JSON.parse((await logdial(args)).stdout).threads as { readonly app: string }[];
  assertEquals(told.map(({ app }) => app), ["mail", "mail", "mail"]);
  const turned = await set({ x: "ERROR" }, { ports });
  assertEquals(turned.length, 6);
  assertEquals((await rollback(1, mail)).map(({ name }) => name), ["Mail2", "Mail3", "Mail1"]);
  const now = (await levels()).map(([name, , level]) => [name, level]);
  assertEquals(now.slice(3), [...ours, "Shop3"].map((name) => [name, "ERROR"]));
  assertEquals(now.slice(0, 3).map(([, level]) => level), [undefined, undefined, undefined]);
});

Deno.test("a configuration that the listener stops reading is told to be too long", async () => {
  using block = PortBlock.claim(1);
  await using program = new ThreadsProgram(block);
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  // More than the system takes in for who does not read it.
  const text = `${taggedConfig("ALL", "ERROR")}${"#".repeat(12_000_000)}`;
  const [told] = await send(text, { ports: block.range, timeout: 30_000 });
  assertEquals([told!.outcome, told!.gone], ["rejected", undefined]);
  assert(told!.error!.message.includes("is over the limit of"), told!.error!.message);
});

Deno.test("a level without a name can be sent back as it is told", async () => {
  using block = PortBlock.claim(1);
  const targets = { ports: block.range };
  await using program = new ThreadsProgram(block);
  await program.command({ do: "import" });
  await program.untilThreads("MainProcess");
  await set({ root: 15, app: 1000 }, { ...targets, wait });
  const { levels } = (await status(targets))[0]!;
  assertEquals(levels, { root: "Level 15", app: "Level 1000" });
  await reset(targets);
  assertEquals((await set(levels, { ...targets, wait }))[0]!.levels, levels);
  const [recorded] = await record({ app: levels.app! }, { ...targets, wait });
  assertEquals([recorded!.outcome, recorded!.recorder?.levels], ["applied", { app: "Level 1000" }]);
  const [told] = await why("app", levels.root!, targets);
  assertEquals(told!.outcome, "applied", told!.error?.message);
});

Deno.test("a stranger that never answers delays nobody but itself", async () => {
  using ports = PortBlock.claim(2);
  await using silent = new ForeignService(ports.first, "says nothing");
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.child.until(`Setup logging server on port ${ports.last}`);
  let over = false;
  const sending = send(taggedConfig("ALL", "ERROR"), { ports: ports.range, timeout: 4000 })
    .finally(() => over = true);
  await program.child.eventually("the thread at ERROR", async () => {
    const [found] = await scan({ port: ports.last });
    return found?.kind === "logdial" && found.status.levels.root === "ERROR" || undefined;
  });
  assert(!over, "applied while the other port is still waited for");
  const deliveries = await sending;
  assertEquals(deliveries.map(({ outcome }) => outcome), ["skipped", "applied"]);
  const message = "Not a logging server: it does not answer (nor does a program that hangs)";
  assertEquals(deliveries[0]!.error, { message }, "a program may be stopped");
  assertEquals(silent.received, "!\n");
  const tailing = tail({ port: ports.first, timeout: 200 }).next();
  await assertRejects(() => tailing, Error, "what listens (1) is no logging server, or hangs");
});

Deno.test("a host that cannot be reached is an error, not an empty answer", async () => {
  const nowhere = { hostname: "no-such-host.invalid", port: 9001 };
  await assertRejects(() => scan(nowhere), Error, "Cannot reach no-such-host.invalid:9001");
  await assertRejects(() => send("{}", nowhere), Error, "Cannot reach no-such-host.invalid:9001");
});

Deno.test("a name that is no host's is told as such, also where some look-ups take too long", async () => {
  // Nothing else keeps the test running while look-ups take their time.
  const alive = setInterval(() => {}, 1000);
  const lookUp = ({ port }: Deno.ConnectOptions): Promise<Deno.TcpConn> =>
    port % 2 === 0
      ? new Promise(() => {})
      : Promise.reject(new Error("failed to lookup address information"));
  using _connect = replaced(Deno, "connect", lookUp as typeof Deno.connect);
  const nowhere = { hostname: "no-such-host.invalid", ports: [9001, 9004], timeout: 50 } as const;
  const says = "Cannot reach no-such-host.invalid:9001: failed to lookup address information";
  try {
    await assertRejects(() => scan(nowhere), UnreachableError, says);
    await assertRejects(() => set({ root: "ERROR" }, nowhere), UnreachableError, says);
  } finally {
    clearInterval(alive);
  }
});

Deno.test("a port that cannot be reached where others can keeps no other from being told of", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  await program.start("A", "log a");
  await program.child.until("A - ERROR - a");
  const closed = ports.last, { connect } = Deno;
  using _closed = replaced(
    Deno,
    "connect",
    ((options: Deno.ConnectOptions) =>
      options.port === closed
        ? Promise.reject(new Error("No route to host (os error 113)"))
        : connect(options)) as typeof Deno.connect,
  );
  const [changed, other] = await set({ root: "ERROR" }, { ports: ports.range, wait });
  assertEquals([changed!.outcome, changed!.levels], ["applied", { root: "ERROR" }]);
  const message = "Not a logging server: it cannot be reached: No route to host (os error 113)";
  assertEquals([other!.outcome, other!.kind, other!.error], ["skipped", "foreign", { message }]);
  assertEquals((await scan({ ports: ports.range })).map(({ kind }) => kind), [
    "logdial",
    "foreign",
  ]);
  const alone = `Cannot reach 127.0.0.1:${closed}: No route to host (os error 113)`;
  await assertRejects(() => scan({ port: closed }), UnreachableError, alone);
});

Deno.test("many ports are asked without many files being open at a time", async () => {
  let open = 0, most = 0, asked = 0;
  using _connect = replaced(
    Deno,
    "connect",
    (async () => {
      asked++;
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      throw new Deno.errors.ConnectionRefused();
    }) as typeof Deno.connect,
  );
  assertEquals(await scan({ ports: [[1, 500], [600, 600]] }), []);
  assertEquals([asked, most], [501, 64]);
});
