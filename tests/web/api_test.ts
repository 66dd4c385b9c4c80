import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Delivery } from "../../src/client/request.ts";
import { selectTargets } from "../../src/client/targets.ts";
import { targetsOf } from "../../src/web/api/scope.ts";
import { ThreadsWatch } from "../../src/web/live/threads_watch.ts";
import { Model } from "../../src/web/page/model.ts";
import { WebServer } from "../../src/web/server/web_server.ts";
import type { TopOrder } from "../fixtures/top.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { RecorderProgram } from "../harness/recorder_program.ts";
import { replaced } from "../harness/replaced.ts";
import { Squatter } from "../harness/squatter.ts";
import { ThreadOrders } from "../harness/thread_orders.ts";
import { ActuatorClient, type GroupLevels, type LoggerLevels } from "./actuator_client.ts";
import { OpenPage, WebClient } from "./web_client.ts";

const ALL = { kind: "all" };

interface Answer {
  readonly threads: readonly Delivery[];
  readonly error?: { readonly message: string };
}

async function serve(ports: [number, number][], timeout = 2000): Promise<WebServer> {
  const targets = { ports, timeout };
  return await WebServer.start({ port: 0, targets, readOnly: false, by: "kim@test" });
}

Deno.test("the page's server turns what is chosen and nothing else, and tells all pages", async (t) => {
  await using shop = new RecorderProgram({ options: { app: "shop" } }, 4);
  await using billing = new RecorderProgram({ options: { app: "billing" } }, 2);
  await shop.start("W1", "W2");
  await billing.untilListening("MainProcess");
  await using server = await serve([shop.ports.range, billing.ports.range]);
  const client = new WebClient(server);
  await using one = await OpenPage.open(client);
  await using other = await OpenPage.open(client);
  const pages = [one, other];
  for (const page of pages) {
    await page.until(
      "all threads with their loggers",
      ({ threads }) =>
        ["W1", "W2", "MainProcess"].every((name) => threads.get(name)?.loggers !== undefined),
    );
  }
  const thread = one.threads.get("W1")!;
  const scope = { kind: "thread", port: thread.port, pid: thread.status!.pid };
  const levelOf = (page: OpenPage, name: string, logger: string) =>
    page.threads.get(name)?.status?.levels[logger];

  await t.step("a level of one thread, for a time and a number of lines", async () => {
    const change = { for: "10m", lines: 500, reason: "slow queries" };
    const { threads } = await client.ask<Answer>("set", {
      scope,
      levels: { "app.new": "DEBUG" },
      ...change,
    });
    assertEquals(threads.map(({ name, outcome }) => [name, outcome]), [["W1", "applied"]]);
    for (const page of pages) {
      await page.until("the level", (page) => levelOf(page, "W1", "app.new") === "DEBUG");
      assertEquals(levelOf(page, "W2", "app.new"), undefined);
      const [override] = page.threads.get("W1")!.status!.overrides;
      assertEquals([override!.user, override!.reason], ["kim@test", "slow queries"]);
      assertEquals([override!.maxLines, override!.linesLeft], [500, 500]);
      assert(Date.parse(override!.until) > Date.now());
    }
  });

  await t.step("a level of one program, and what is refused", async () => {
    const app = { kind: "app", app: "shop" };
    const set = async (levels: object, more: object = {}) =>
      await client.ask<Answer>("set", { scope: app, levels, ...more });
    const { threads } = await set({ root: "INFO", "app.http": "off" });
    assertEquals(threads.map(({ outcome }) => outcome), ["applied", "applied", "applied"]);
    await one.until(
      "the levels",
      (page) => ["W1", "W2"].every((name) => levelOf(page, name, "root") === "INFO"),
    );
    const levels = (await client.ask<Answer>("get", { scope: { kind: "app", app: "billing" } }))
      .threads.map(({ result }) =>
        (result as { dict: { root: { level: string } } }).dict.root.level
      );
    assertEquals(levels, ["WARNING"]);
    const rejected = await set({ root: "LOUD" });
    assertEquals(rejected.threads.map(({ outcome }) => outcome), Array(3).fill("rejected"));
    assertMatch((await set({})).error!.message, /none is given/);
    assertMatch((await set({ root: "INFO" }, { for: "soon" })).error!.message, /soon/);
    assertMatch((await set({ "a=b": "INFO" })).error!.message, /no "="/);
    const gone = { scope: { ...scope, pid: 1 }, levels: { root: "INFO" } };
    assertMatch((await client.ask<Answer>("set", gone)).error!.message, /Cannot find a thread/);
    const some = await set({ "app.db": "DEBUG" }, { where: { user: "42" }, sample: "1/2" });
    assertEquals(some.threads.map(({ outcome }) => outcome), Array(3).fill("applied"));
  });

  await t.step("history, rollback and reset say who, why and what", async () => {
    const { threads } = await client.ask<Answer>("history", { scope });
    const [{ result }] = threads as [Delivery];
    const told = (result as { label?: string; user?: string; reason?: string }[])
      .find(({ label }) => label?.includes("app.new"))!;
    assertEquals([told.user, told.reason], ["kim@test", "slow queries"]);
    const app = { kind: "app", app: "shop" };
    const back = await client.ask<Answer>("rollback", { scope: app, steps: 1 });
    assertEquals(back.threads.map(({ outcome }) => outcome), Array(3).fill("applied"));
    const reset = await client.ask<Answer>("reset", { scope: app });
    assertEquals(reset.threads.map(({ levels }) => levels?.root), Array(3).fill("WARNING"));
    await other.until("the reset", (page) => levelOf(page, "W1", "root") === "WARNING");
  });

  await t.step("a configuration: what is wrong, what it would change, and sent", async () => {
    interface Checked extends Answer {
      readonly findings: readonly { readonly line?: number; readonly severity: string }[];
    }
    const config = (level: string) =>
      `[loggers]\nkeys=root\n[handlers]\nkeys=\n[formatters]\nkeys=\n[logger_root]\nlevel=${level}\nhandlers=\n`;
    const bad = await client.ask<Checked>("check", { scope, text: "[loggers]\nkeys=root\n" });
    assertEquals(bad.findings.some(({ severity }) => severity === "error"), true);
    assertEquals(bad.threads, []);
    const placed = await client.ask<Checked>("check", { scope, text: config("LOUD") });
    assertEquals(placed.findings.map(({ line }) => line), [8]);
    const good = await client.ask<Checked>("check", { scope, text: config("CRITICAL") });
    assertEquals(good.threads.map(({ name }) => name), ["W1"]);
    assertEquals((good.threads[0]!.result as { levels: object }).levels, { root: "CRITICAL" });
    const sent = await client.ask<Answer>("send", { scope, text: config("CRITICAL") });
    assertEquals(sent.threads.map(({ outcome }) => outcome), ["applied"]);
    await one.until("the level", (page) => levelOf(page, "W1", "root") === "CRITICAL");
    await client.ask<Answer>("reset", { scope });
  });

  await t.step("the actuator, as a client of Spring Boot's sees it", async () => {
    const actuator = new ActuatorClient(`${server.origin}/actuator`, server.token);
    const all = await actuator.all();
    assertEquals(all.levels, ["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"]);
    assertEquals(all.loggers.ROOT, { configuredLevel: "WARN", effectiveLevel: "WARN" });
    assertEquals(all.loggers["app.db"], { effectiveLevel: "WARN" });
    assertEquals(Object.keys(all.groups).sort(), ["billing", "shop"]);
    assert(all.groups.shop!.members.includes("app.db"));
    // By whatever of its names it can be set.
    assertEquals(await actuator.one<LoggerLevels>("root"), all.loggers.ROOT);
    const levels = async () => (await actuator.one<LoggerLevels>("app.db"));
    assertEquals(await actuator.set("app.db", { configuredLevel: "debug" }), 204);
    assertEquals(await levels(), { configuredLevel: "DEBUG", effectiveLevel: "DEBUG" });
    assertEquals(await actuator.set("app.db", { configuredLevel: null }), 204);
    assertEquals(await levels(), { effectiveLevel: "WARN" });
    const type = "application/vnd.spring-boot.actuator.v3+json";
    assertEquals(await actuator.set("app.db", { configuredLevel: "OFF" }, type), 204);
    assertEquals((await levels()).configuredLevel, "OFF");
    assertEquals(await actuator.set("app.db", {}), 204);
    assertEquals(await levels(), { effectiveLevel: "WARN" });
    for (const level of ["LOUD", "", "WARNING", 10, {}]) {
      assertEquals(await actuator.set("app.db", { configuredLevel: level }), 400, String(level));
    }
    assertEquals(await actuator.set("app.db", []), 400);
    assertEquals(await actuator.set("ROOT", { configuredLevel: null }), 400);
    // One that nobody has asked for is not found, but can be set, as there.
    assertEquals(await actuator.statusOf("app.later/one"), 404);
    assertEquals(await actuator.statusOf("constructor"), 404);
    assertEquals(await actuator.set("app.later/one", { configuredLevel: "TRACE" }), 204);
    const later = await actuator.one<LoggerLevels>("app.later/one");
    assertEquals(later, { configuredLevel: "TRACE", effectiveLevel: "TRACE" });
    // A program is a group: its loggers are turned there, and nowhere else.
    assertEquals(await actuator.set("billing", { configuredLevel: "ERROR" }), 204);
    const billing = await actuator.one<GroupLevels>("billing");
    assertEquals(billing.configuredLevel, "ERROR");
    const shop = await actuator.one<GroupLevels>("shop");
    assertEquals(shop.configuredLevel, undefined);
    await client.ask<Answer>("reset", { scope: ALL });
  });

  await t.step("a tail, and rates by level", async () => {
    const lines = client.lines("tail", { scope: { kind: "app", app: "shop" }, logger: "app" });
    const first = lines.next();
    let seen: Record<string, unknown> | undefined;
    void first.then(({ value }) => seen = value as Record<string, unknown>);
    while (seen === undefined) await shop.tell("W2", { do: "error" }, "W2 failed");
    assertEquals([seen.thread, seen.logger, seen.level], ["W2", "app.db", "ERROR"]);
    await lines.return(undefined);
    const key = one.threads.get("W2")!.key;
    await one.until(
      "what it has written",
      ({ rates }) => (rates.find((rate) => rate.key === key)?.loggers["app.db"]?.ERROR ?? 0) > 0,
    );
  });

  await t.step(
    "a worker that computes is turned, and one that hangs tells what it kept",
    async () => {
      const app = { kind: "app", app: "shop" };
      const levels = { root: "DEBUG" };
      const recorded = await client.ask<Answer>("record", { scope: app, levels, size: "256K" });
      assertEquals(recorded.threads.map(({ outcome }) => outcome), Array(3).fill("applied"));
      await shop.log(5, "W2");
      await shop.tell("W2", { do: "hang" }, "W2 hangs");
      const kept: string[] = [];
      for await (const line of client.lines("dump", { scope: app, logger: "app.db" })) {
        if ("message" in line && line.thread === "W2") kept.push(String(line.message));
      }
      assertEquals(kept.filter((message) => message.startsWith("W2 ")).length >= 5, true);
      await shop.tell("W1", { do: "flood" }, "W1 floods");
      const turned = await client.ask<Answer>("set", { scope, levels: { "app.db": "CRITICAL" } });
      assertEquals(turned.threads.map(({ outcome }) => outcome), ["applied"]);
      await one.until("the level", (page) => levelOf(page, "W1", "app.db") === "CRITICAL");
      // The one that hangs has not got it, and nobody says that it has.
      const hangs = other.threads.get("W2")!;
      const wanted = { kind: "thread", port: hangs.port, pid: hangs.status!.pid };
      const waits = await client.ask<Answer>("set", {
        scope: wanted,
        levels: { "app.db": "ERROR" },
      });
      assertEquals(waits.threads.map(({ outcome }) => outcome), ["pending"]);
      await other.until("that it waits", (page) => page.threads.get("W2")!.status!.pending > 0);
      assertEquals(levelOf(other, "W2", "app.db"), undefined);
      const actuator = new ActuatorClient(`${server.origin}/actuator`, server.token);
      assertEquals(await actuator.set("app.db", { configuredLevel: "INFO" }), 202);
    },
  );
});

Deno.test("of threads that share a port, one that computes keeps no others from being shown", async () => {
  using block = PortBlock.claim(1);
  await using child = ChildProgram.deno("tests/fixtures/top.ts");
  const orders = new ThreadOrders(child);
  const tell = async (name: string, order: Omit<TopOrder, "name" | "number">) =>
    await orders.tell(name, order);
  for (const name of ["MainProcess", "W1", "W2"]) {
    await tell(name, { do: "begin", ports: block.range });
  }
  await using server = await serve([block.range]);
  const client = new WebClient(server);
  await using page = await OpenPage.open(client);
  const namesOf = (name: string) => page.threads.get(name)?.loggers?.map(({ name }) => name) ?? [];
  const all = ["MainProcess", "W1", "W2"];
  await page.until("their loggers", () => all.every((one) => namesOf(one).includes("app.db")));
  await tell("W2", { do: "hang" });
  await page.until("that it computes", ({ threads }) => threads.get("W2")!.computes === true);
  const { port, status, key } = page.threads.get("W1")!;
  const scope = { kind: "thread", port, pid: status!.pid, name: "W1" };
  const levels = { "app.new": "DEBUG" };
  const { threads } = await client.ask<Answer>("set", { scope, levels });
  assertEquals(threads.map(({ name, outcome }) => [name, outcome]), [["W1", "applied"]]);
  await page.until("the new logger", () => namesOf("W1").includes("app.new"));
  assertEquals(all.map((one) => page.threads.get(one)!.computes), [undefined, undefined, true]);
  assertEquals(page.threads.get("W1")!.key, key);
});

Deno.test("a port that never answers delays no other, and nobody is asked without a page", async () => {
  await using program = new RecorderProgram({}, 3);
  await program.untilListening("MainProcess");
  using deadPorts = PortBlock.claim(1);
  using dead = Deno.listen({ hostname: "127.0.0.1", port: deadPorts.first });
  const accepted = dead.accept();
  const ports = [program.ports.range, deadPorts.range];
  // It would be waited for longer than this test may take.
  const watch = new ThreadsWatch({ ports, timeout: 3_600_000 });
  assertEquals(watch.asked, 0);
  const page = watch.open(), second = watch.open();
  assertEquals(watch.asked, 4);
  using conn = await accepted;
  for (;;) {
    const event = await page.next();
    if (event!.ports.some(({ threads }) => threads[0]?.status?.name === "MainProcess")) break;
  }
  page.close();
  assertEquals(watch.asked, 4);
  second.close();
  assertEquals([watch.asked, await second.next()], [0, undefined]);
  conn.close();
  await watch.stop();
});

Deno.test("a page never asks version 0.1.0 for its loggers, which would log each time that it does", async () => {
  using ports = PortBlock.claim(1);
  const status = { logdial: 1, name: "Older", pid: 1, port: ports.first, levels: {}, pending: 0 };
  const third = Promise.withResolvers<void>();
  let probes = 0;
  await using squatter = new Squatter(ports.first, async (conn) => {
    if (++probes === 3) third.resolve();
    await conn.write(new TextEncoder().encode(`${JSON.stringify(status)}\n`));
  });
  const watch = new ThreadsWatch({ ports: [ports.range] });
  const page = watch.open();
  await within(third.promise, () => "the third look");
  page.close();
  await watch.stop();
  assertEquals(squatter.frames, 0);
});

Deno.test("the actuator tells programs apart that have one process number, as in containers of a pod", async () => {
  using ports = PortBlock.claim(2);
  const speak = (app: string, port: number): Squatter => {
    const about = { logdial: 1, name: "MainProcess", pid: 1, port, app, can: ["id"] };
    const status = { ...about, levels: {}, pending: 0, generation: 1, overrides: [], changes: [] };
    const one = { name: `app.${app}`, effective: "INFO", disabled: false, propagate: true };
    const logger = { ...one, handlers: [], filters: [], out: [] };
    const ack = { ...status, status: "applied", result: { loggers: [logger], more: 0 } };
    return new Squatter(port, `${JSON.stringify(status)}\n`, `${JSON.stringify(ack)}\n`);
  };
  await using _alpha = speak("alpha", ports.first);
  await using _beta = speak("beta", ports.last);
  await using server = await serve([ports.range]);
  const { groups } = await new ActuatorClient(`${server.origin}/actuator`, server.token).all();
  const members = Object.entries(groups).map(([name, { members }]) => [name, members]);
  assertEquals(members, [["alpha", ["app.alpha"]], ["beta", ["app.beta"]]]);
});

Deno.test("the page knows the server's time, also after its browser has stood still", () => {
  const model = new Model();
  let time = 1_000_000;
  using _now = replaced(Date, "now", () => time);
  const take = (at: number) => model.take({ ports: [], rates: [], at });
  for (const ahead of [0, -20_000, 20_000]) {
    // An answer takes some milliseconds.
    take(time + ahead - 5);
    const off = model.now - (time + ahead);
    assertEquals(off <= 0 && off >= -5, true, `${off}`);
  }
  const stopped = time;
  time += 15_000;
  // What the server said meanwhile comes at once, then what it says now.
  for (let at = stopped; at < time; at += 1000) take(at + 20_000);
  take(time + 20_000 - 5);
  assertEquals(model.now, time + 20_000 - 5);
});

Deno.test("the page tells processes apart that have one number, and turns one of them alone", async () => {
  using ports = PortBlock.claim(2);
  const model = new Model();
  const speak = (instance: string, port: number): Squatter => {
    const about = {
      logdial: 1 as const,
      name: "MainProcess",
      pid: 1,
      port,
      app: "",
      instance,
      can: [],
    };
    const status = {
      ...about,
      levels: {},
      pending: 0,
      generation: 1,
      overrides: [],
      changed: null,
    };
    const thread = { key: instance, port, follows: false, kind: "logdial", status } as const;
    model.take({ ports: [{ port, threads: [thread] }], rates: [], at: Date.now() });
    return new Squatter(port, `${JSON.stringify(status)}\n`);
  };
  await using _alpha = speak("alpha", ports.first);
  await using _beta = speak("beta", ports.last);
  const found = await Promise.all(model.programs.map(async ({ name, scope, processes }) => {
    assertEquals(processes, 1);
    model.scope = scope;
    const chosen = model.chosen.map(({ port }) => port);
    const { targets } = await selectTargets(targetsOf(scope, { ports: [ports.range] }));
    return [name, chosen, targets.map(({ port }) => port)];
  }));
  assertEquals(found, [ports.first, ports.last].map((port) => ["process 1", [port], [port]]));
});

Deno.test("so many tails may be open at once, and those that have ended make room", async () => {
  await using program = new RecorderProgram({}, 2);
  await program.untilListening("MainProcess");
  await using server = await serve([program.ports.range]);
  const client = new WebClient(server), body = JSON.stringify({ scope: ALL });
  const ask = async (what: string) => await client.send(`api/${what}`, { method: "POST", body });
  const tails: Response[] = [];
  let refused = await ask("tail");
  for (; refused.ok; refused = await ask("tail")) tails.push(refused);
  const told = `Cannot follow more: ${tails.length} tails and dumps are open already`;
  assertEquals([refused.status, await refused.json()], [503, { error: { message: told } }]);
  await tails.pop()!.body!.cancel();
  const dump = async () => {
    const response = await ask("dump");
    await response.text();
    return response.ok || undefined;
  };
  await program.child.eventually("room for a dump", dump);
  for (let dumps = 0; dumps < 3; dumps++) assertEquals(await dump(), true);
  for (const one of tails) await one.body!.cancel();
});

Deno.test("a server ends while a tail is open", async () => {
  await using program = new RecorderProgram({}, 2);
  await program.untilListening("MainProcess");
  const server = await serve([program.ports.range]);
  const body = JSON.stringify({ scope: ALL });
  const tail = await new WebClient(server).send("api/tail", { method: "POST", body });
  const text = tail.text();
  await within(server[Symbol.asyncDispose](), () => "the server's end");
  assertEquals((await text).trim(), "");
});
