import { assertEquals, assertMatch } from "@std/assert";
import { FleetStore } from "../../src/fleet/fleet_store.ts";
import { seenKey } from "../../src/fleet/fleet_keys.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";
import { fleetAt, TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

Deno.test({
  name: "agents that have gone have no share of the lines, and the server's clock says which have",
  ignore: !hasNatsServer(),
  fn: async (t) => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    await server.start();
    await using operator = await TestOperator.connect(server.url);
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using _agent = new TestAgent(server.url, ports);
    const run = fleetAt(server.url);
    const first = await operator.set({ "app.y": "ERROR" });
    await operator.untilApplied(first, 1);

    await t.step({
      name: "an operator's clock is 20 minutes ahead",
      ignore: !tellsItsTime(),
      fn: async () => {
        const now = Date.now;
        using _clock = replaced(Date, "now", () => now() + 1_200_000);
        const { code } = await run("set", "app.x=DEBUG", "--for", "10m");
        assertEquals(code, 0);
        const { stdout } = await run("status");
        assertMatch(stdout, /set app\.x=DEBUG +all +(10m|9m\d+s) left/);
        assertEquals(stdout.includes("offline"), false);
        assertEquals((await run("rollback")).code, 0);
      },
    });

    await t.step("whoever is asked for is not there", async () => {
      const { code, stdout } = await run("status", "--host", "h3");
      assertEquals(code, 3);
      assertMatch(stdout, /no agent has told of any thread of host h3,/);
      const differing = await run("diff", "--host", "h3");
      assertEquals(differing.code, 3);
      assertMatch(differing.stdout, /^no agent has told of any thread of host h3,/);
    });

    await t.step("fewer changes than are to be taken back", async () => {
      const more = await run("rollback", "3");
      assertEquals(more.code, 1);
      assertMatch(more.stderr, /Cannot roll back 3 changes: 1 can be taken back/);
      assertEquals((await operator.operator.changes()).length, 1);
      // Where there are none at all, it says so.
      assertEquals((await run("rollback", "3", "--host", "h3")).code, 3);
    });

    await t.step("an agent's clock is set while it runs", async () => {
      let off = 0;
      const clock = () => Date.now() + off;
      await using set = new TestAgent(server.url, ports, { hostName: "h2", clock });
      const to = { host: "h2" };
      const kept = await operator.set({ "app.x": "DEBUG" }, { lasts: 300_000, to });
      await operator.untilApplied(kept, 1);
      for (const minutes of [60, -60]) {
        const before = await operator.seenAt("h2");
        off = minutes * 60_000;
        set.agent.look();
        await operator.untilSeen(
          `it tells, ${minutes} minutes off`,
          (seen) =>
            seen.some(({ report: { host, threads }, at }) =>
              host === "h2" && at > before &&
              threads.some(({ levels }) => levels["app.x"] === "DEBUG")
            ) || undefined,
        );
      }
      await operator.operator.takeBack(1, to, { label: "rollback 1" });
    });

    await t.step("an agent has told nothing for long", async () => {
      const store = await FleetStore.connect({ nats: server.url }, "test");
      try {
        const gone = {
          app: "shop",
          thread: "W",
          pid: 7,
          port: 9,
          levels: {},
          changes: [],
          drift: [],
        };
        const report = { version: 1, host: "h9", agent: "x", every: 0, threads: [gone] };
        await store.tell(seenKey("h9", "x"), report);
      } finally {
        await store.close();
      }
      const ends = ["--for", "10m", "--lines", "1000"];
      const { stdout } = await run("set", "app.x=DEBUG", ...ends, "--wait", "1ms");
      assertMatch(stdout, / for 10m 0s or 1000 lines/);
      assertMatch((await run("status")).stdout, / left, 1000 lines in all, /);
      const all = await operator.operator.changes();
      assertEquals(all.map(({ change: { lines, shares } }) => [lines, shares]).at(-1), [1000, 1]);
    });
  },
});

Deno.test({
  name: "whoever is the first to ask for the status sees those whose agents wait for the buckets",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    await server.start();
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using agent = new TestAgent(server.url, ports);
    await eventually(
      "an agent that waits",
      () => agent.said.find((one) => one.includes("no bucket yet")),
    );
    const { code, stdout } = await fleetAt(server.url)("status");
    assertEquals(code, 0, stdout);
    assertMatch(stdout, /h1 +MainProcess +shop/);
  },
});

/** Whether the server tells its time when it is asked for a bucket: those before 2.10 do not. */
function tellsItsTime(): boolean {
  const { stdout } = new Deno.Command("nats-server", { args: ["--version"] }).outputSync();
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(new TextDecoder().decode(stdout)) ?? [];
  return Number(major) > 2 || Number(minor) >= 10;
}
