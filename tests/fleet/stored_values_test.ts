import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Kvm } from "npm:@nats-io/kv@3.4.0";
import { connect } from "npm:@nats-io/transport-node@3.4.0";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { fleetAt, TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

const LONG = "x".repeat(201);

Deno.test({
  name: "what is too long for the fleet is refused before it is stored, or cut",
  ignore: !hasNatsServer(),
  fn: async (t) => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    await server.start();
    await using operator = await TestOperator.connect(server.url);
    const run = fleetAt(server.url);

    await t.step("an option", async () => {
      for (const option of ["reason", "app", "host", "thread"]) {
        const { code, stderr } = await run("set", "app=INFO", `--${option}`, LONG);
        assertEquals(code, 2);
        assertStringIncludes(stderr, `Cannot use --${option}: it has 201 characters`);
      }
      assertEquals((await run("rollback", "--reason", LONG)).code, 2);
      const said = { label: "set x", text: "{}", to: {}, reason: LONG };
      await assertRejects(() => operator.operator.add(said), RangeError, "the reason of a change");
      assertEquals(await operator.operator.changes(), []);
    });

    await t.step("a file, and all changes for a target together", async () => {
      const file = await Deno.makeTempFile({ suffix: ".json" });
      try {
        const loggers = (count: number) =>
          Object.fromEntries(Array.from({ length: count }, (_, at) => [
            `app.module.number${at}`,
            { level: "INFO" },
          ]));
        const write = async (count: number) => {
          const config = { version: 1, incremental: true, loggers: loggers(count) };
          await Deno.writeTextFile(file, JSON.stringify(config));
        };
        await write(22_000);
        const large = await run("send", file);
        assertEquals(large.code, 2);
        assertStringIncludes(large.stderr, "900000 are the most");
        await write(12_000);
        assertEquals((await run("send", file, "--wait", "1ms")).code, 3);
        const second = await run("send", file, "--wait", "1ms");
        assertEquals(second.code, 1);
        assertStringIncludes(second.stderr, "take some back by fleet rollback");
        assertEquals((await run("rollback", "--wait", "1ms")).code, 0);
      } finally {
        await Deno.remove(file);
      }
    });

    await t.step("what has ended makes room, though nobody has stored anything since", async () => {
      const to = { host: "full" }, text = JSON.stringify({ version: 1, note: "x".repeat(600_000) });
      const add = async (label: string) =>
        (await operator.operator.add({ label, text, to, lasts: 300 })).change.id;
      const ids = [await add("send first")];
      const hasEnded = async () => (await operator.operator.changes()).length === 0 || undefined;
      await eventually("its end", hasEnded);
      ids.push(await add("send second"));
      const past = (await operator.operator.history()).filter(({ key }) => key === "ovr.host.full");
      assertEquals(past.map((one) => one.ids), ids.map((id) => [id]));
      await assertRejects(() => add("send third"), RangeError, "take some back by fleet rollback");
    });

    await t.step("why a thread rejects a rollout", async () => {
      await using shop = new ShopProgram(ports);
      await shop.until("a port", () => true);
      await using _agent = new TestAgent(server.url, ports);
      const handlers = { x: { class: `company.${"module.".repeat(100)}Handler` } };
      const text = JSON.stringify({ version: 1, handlers, root: { handlers: ["x"] } });
      const rollout = { steps: [1], every: 300_000 };
      const kept = await operator.operator.add({ label: "send bad", text, to: {}, rollout });
      const halt = await eventually("the halt", async () => {
        return (await operator.operator.withHalt(kept)).halt;
      });
      assertEquals([halt.reason.length, halt.host], [500, "h1"]);
      const { code, stdout } = await run("history");
      assertEquals(code, 0);
      assertStringIncludes(stdout, "MainProcess rejects it");
    });
  },
});

Deno.test({
  name: "a stored value that makes no sense is left out, and the rest is of use",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    await server.start();
    await using operator = await TestOperator.connect(server.url);
    const connection = await connect({ servers: `127.0.0.1:${server.port}` });
    const wishes = await new Kvm(connection).open("logdial");
    const good = await operator.set({ "app.y": "ERROR" });
    await wishes.put("ovr.all", '{"version":2}');
    await wishes.put("base.app.shop", "not JSON");
    await wishes.put(`halt.${good.change.id}x`, "[]");
    const seen = await new Kvm(connection).open("logdial_seen");
    await seen.put("h9.x", "{}");

    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using agent = new TestAgent(server.url, ports);
    await operator.untilApplied(good, 1);
    await shop.untilHas(good.change.id);
    const about = (key: string) => agent.said.filter((one) => one.includes(key));
    assertEquals([about("ovr.all").length, about("base.app.shop").length], [1, 1]);

    const run = fleetAt(server.url);
    for (const part of ["status", "history", "diff"]) {
      const { code, stdout, stderr } = await run(part);
      assertEquals(code, 0, stderr);
      assert(stderr !== "", part);
      for (const line of stderr.trim().split("\n")) {
        const [, bucket, key] = /"nats kv del (\S+) (\S+)" removes it/.exec(line) ?? [];
        assertStringIncludes(line, `left out: Cannot read key ${key} of bucket ${bucket}: `);
      }
      if (part === "history") assertStringIncludes(stdout, "its reason cannot be read");
    }
    const refused = await run("set", "app=DEBUG", "--for", "1m");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "Cannot read key ovr.all of bucket logdial");
    const { code, stdout } = await run("rollback");
    assertEquals(code, 0);
    assertStringIncludes(stdout, good.change.id);
    await shop.untilHas();

    // Who does as he is told is not told so again; the past still has what was there.
    await wishes.delete("ovr.all");
    await wishes.delete("base.app.shop");
    const gone = await operator.set({ "app.z": "ERROR" }, { to: { host: "h1" } });
    await wishes.delete(gone.key);
    await seen.delete("h9.x");
    await connection.close();
    for (const part of ["status", "history", "diff"]) assertEquals((await run(part)).stderr, "");
    assertEquals(await operator.operator.changes(), []);
    assertEquals((await run("rollback")).code, 3);
  },
});

Deno.test({
  name: "two who take back the newest change at the same time take back two, and say which",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    await using kim = await TestOperator.connect(server.url);
    await using lee = await TestOperator.connect(server.url);
    const ids: string[] = [];
    for (const app of ["INFO", "ERROR", "DEBUG"]) ids.push((await kim.set({ app })).change.id);
    const taken = await Promise.all(
      [kim, lee].map(({ operator }) => operator.takeBack(1, {}, { label: "rollback 1" })),
    );
    const told = taken.map((changes) => changes.map(({ id }) => id));
    assertEquals(told.toSorted(), [[ids[1]], [ids[2]]].toSorted());
    const past = (await kim.operator.history()).filter(({ label }) => label === "rollback 1");
    assertEquals(past.map((one) => one.ids), [[ids[2]], [ids[1]]]);
    const left = await lee.operator.changes();
    assertEquals(left.map(({ change: { id } }) => id), [ids[0]]);
  },
});
