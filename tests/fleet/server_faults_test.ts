import { assert, assertEquals } from "@std/assert";
import { jetstreamManager } from "npm:@nats-io/jetstream@3.4.0";
import { connect } from "npm:@nats-io/transport-node@3.4.0";
import type { ChangeRow } from "../../src/fleet/fleet_operator.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";
import { TcpProxy } from "./tcp_proxy.ts";

Deno.test({
  name: "a fleet comes back by itself, whatever becomes of server, bucket and network",
  ignore: !hasNatsServer(),
  fn: async (t) => {
    // Each goes on from where the one before has come to.
    const step = async (name: string, act: () => Promise<void>) => {
      if (!await t.step(name, act)) throw new Error("The rest has not been tried");
    };
    using ports = PortBlock.claim(8);
    await using server = NatsServer.single();
    await server.start();
    await using proxy = new TcpProxy(server.port);
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using agent = new TestAgent(proxy.url, ports);
    let first = "";

    await step("the server is killed, and comes back", async () => {
      {
        await using operator = await TestOperator.connect(server.url);
        const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000 });
        await operator.untilApplied(kept, 1);
        first = kept.change.id;
      }
      await server.kill();
      // The agent goes by what it knew.
      await shop.startThread("Late");
      await shop.until("the override", (one) => one.levels.app === "DEBUG", "Late");
      await server.start();
      await using operator = await TestOperator.connect(server.url);
      await operator.untilApplied(await operator.set({ "app.x": "ERROR" }), 2);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas(first);
    });

    await step("the network is cut, and heals", async () => {
      await using operator = await TestOperator.connect(server.url);
      const before = agent.said.length;
      proxy.cut();
      const kept = await operator.set({ "app.y": "ERROR" });
      await eventually(
        "the agent notices",
        () => agent.said.slice(before).includes("lost the server") || undefined,
      );
      const rows = await operator.until(kept, "two threads", ({ length }) => length === 2);
      assertEquals(rows.map(({ state }) => state), ["offline", "offline"]);
      proxy.heal();
      await operator.untilApplied(kept, 2);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas(first);
    });

    await step("the bucket is lost, and made anew", async () => {
      const connection = await connect({ servers: `127.0.0.1:${server.port}` });
      const manager = await jetstreamManager(connection);
      // An agent that tells something just then is the first to miss its bucket.
      const before = agent.said.length;
      const told = (text: string) => agent.said.slice(before).filter((one) => one.includes(text));
      for (const bucket of ["logdial", "logdial_seen"]) {
        await manager.streams.delete(`KV_${bucket}`);
      }
      await connection.close();
      proxy.cut();
      await eventually("the agent notices", () => told("lost the server")[0]);
      proxy.heal();
      await eventually("it misses the bucket", () => told("no bucket yet")[0]);
      await using operator = await TestOperator.connect(server.url);
      assert(operator.operator.isNew);
      const kept = await operator.set({ "app.z": "ERROR" });
      await operator.untilApplied(kept, 2);
      assert(agent.said.includes("the bucket has been made anew"), agent.said.join());
      // Once, and not with each of its looks.
      const all = agent.said.slice(before).join("\n");
      assertEquals([...told("no bucket yet"), ...told("jetstream")].length, 1, all);
      // What nobody has taken back stays, and is told.
      await shop.untilHas(first, kept.change.id);
      await operator.untilSeen(
        "what is left over",
        (seen) =>
          seen.some(({ report: { threads } }) =>
            threads.length === 2 &&
            threads.every(({ drift }) => drift.some((one) => one.includes("of a bucket before")))
          ) || undefined,
      );
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas(first);
    });

    await step("a host whose agent was killed is offline, and says since when", async () => {
      await using operator = await TestOperator.connect(server.url);
      const args = ["agent", "--nats", server.url, "--ports", ports.text, "--host-name", "h2"];
      await using child = ChildProgram.deno("src/cli/main.ts", { args });
      const kept = await operator.set({ "app.w": "ERROR" }, { to: { host: "h2" } });
      await operator.untilApplied(kept, 2);
      child.signal("SIGKILL");
      await child.end();
      const { code, stdout } = await runCommand([
        "fleet",
        "set",
        "app.w=INFO",
        "--host",
        "h2",
        "--nats",
        server.url,
        "--wait",
        "300ms",
      ]);
      assertEquals(code, 4, stdout);
      assert(/h2 +MainProcess +shop +offline +last seen \d+s ago/.test(stdout), stdout);
      assert(stdout.includes("2 offline"), stdout);
      // What its threads have is told as what it was, also before the agent is taken to be gone.
      const diff = () => runCommand(["fleet", "diff", "--host", "h2", "--nats", server.url]);
      const pending = await diff();
      assertEquals(pending.code, 4);
      assert(
        pending.stdout.includes("set app.w=INFO pending its agent has told nothing since"),
        pending.stdout,
      );
      // Who does not want to wait for it any longer is told how it stands.
      const more = ["--host", "h2", "--nats", server.url, "--wait", "1h"];
      const setArgs = ["fleet", "set", "app.w=WARNING", ...more];
      await using waiting = ChildProgram.deno("src/cli/main.ts", { args: setArgs });
      await waiting.eventually("what is stored", async () => {
        const stored = await operator.operator.changes();
        return stored.find(({ change }) => change.label === "set app.w=WARNING");
      });
      waiting.signal("SIGINT");
      assertEquals((await waiting.end()).code, 4);
      const text = waiting.stdout.lines.join("\n");
      assert(text.includes("0 of 2 threads applied set app.w=WARNING"), text);
      await operator.operator.takeBack(3, { host: "h2" }, { label: "rollback 3" });
      const left = await diff();
      assertEquals(left.code, 4);
      assert(/applied .*ago, and wanted no more/.test(left.stdout), left.stdout);
    });

    await step("a program may join by itself", async () => {
      await using operator = await TestOperator.connect(server.url);
      const start = (...args: readonly string[]) =>
        ChildProgram.deno("tests/fixtures/fleet_member.ts", { args: [server.url, ...args] });
      const change = { to: { app: "member" }, lasts: 60_000, lines: 100, shares: 1 };
      let before: ChangeRow | undefined;
      const kept = await operator.set({ app: "DEBUG" }, change);
      {
        await using _member = start();
        [before] = await operator.untilApplied(kept, 1);
        assertEquals([before!.host, before!.app], ["m1", "member"]);
      }
      // It is killed, and started anew: what is told of it is what was told of the one before.
      await using _member = start(`${before!.port}`);
      const rows = await operator.until(
        kept,
        "the next one",
        (all) => all.some(({ pid, state }) => pid !== before!.pid && state === "applied"),
      );
      assertEquals(rows.map(({ host, port }) => [host, port]), [["m1", before!.port]]);
    });
  },
});

Deno.test({
  name: "the leader of three servers is killed, and the fleet goes on with the next one",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(4);
    await using stack = new AsyncDisposableStack();
    const servers = NatsServer.cluster();
    for (const server of servers) stack.use(server);
    // Two cannot keep anything three times.
    await Promise.all(servers.slice(0, 2).map((server) => server.start()));
    const few =
      /Cannot make bucket "logdial": no suitable peers .*; a cluster keeps it three times/;
    await eventually("what is missing", async () => {
      const { stderr } = await runCommand(["fleet", "status", "--nats", servers[0]!.url]);
      return few.test(stderr) || undefined;
    });
    await servers[2]!.start();
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    const all = servers.map(({ url }) => url).join(",");
    // They have to find each other first.
    const connected = await eventually("an operator", async () => {
      try {
        return await TestOperator.connect(all);
      } catch {
        return undefined;
      }
    });
    await using operator = connected;
    await using _agent = new TestAgent(all, ports);
    const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000 });
    await operator.untilApplied(kept, 1);
    const connection = await connect({ servers: servers.map(({ port }) => `127.0.0.1:${port}`) });
    const manager = await jetstreamManager(connection);
    const { cluster, config } = await manager.streams.info("KV_logdial");
    assertEquals(config.num_replicas, 3);
    await connection.close();
    await servers[Number(cluster!.leader!.slice(1))]!.kill();
    const next = await eventually("another leader", async () => {
      try {
        await using again = await TestOperator.connect(all);
        return await again.set({ app: "ERROR" }, { lasts: 600_000 });
      } catch {
        return undefined;
      }
    });
    await shop.until("the next change", (one) => one.levels.app === "ERROR");
    await shop.untilHas(kept.change.id, next.change.id);
  },
});
