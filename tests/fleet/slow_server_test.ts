import { assert, assertEquals } from "@std/assert";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { fleetAt, TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { TcpProxy } from "./tcp_proxy.ts";

Deno.test({
  name: "a server that does not answer is asked again to make the buckets",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    await using proxy = new TcpProxy(server.port);
    proxy.swallow("STREAM.CREATE");
    await using operator = await TestOperator.connect(proxy.url);
    assert(proxy.hasSwallowed);
    assert(operator.operator.isNew);
    const { change } = await operator.set({ app: "DEBUG" });
    const kept = await operator.operator.changes();
    assertEquals(kept.map(({ change: { id } }) => id), [change.id]);
  },
});

/** Loses the server's next answer that something is stored; resolves when it has come. */
async function loseAnswer(proxy: TcpProxy): Promise<void> {
  proxy.swallow('"stream":"KV_');
  await eventually("an answer of the server", () => proxy.hasSwallowed || undefined);
}

Deno.test({
  name: "what the server has stored counts as stored, also if its answer was lost",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    await using operator = await TestOperator.connect(server.url);
    const ofChange = async () => {
      await using proxy = new TcpProxy(server.port);
      const lost = loseAnswer(proxy);
      const words = ["app=DEBUG", "--wait", "1ms"];
      const { code, stdout, stderr } = await fleetAt(proxy.url)("set", ...words);
      await lost;
      const [kept] = await operator.operator.changes();
      assertEquals([code, stderr], [3, ""]);
      assert(stdout.startsWith(`stored set app=DEBUG (${kept!.change.id})`), stdout);
    };
    const ofReport = async () => {
      using ports = PortBlock.claim(1);
      await using proxy = new TcpProxy(server.port);
      {
        await using agent = new TestAgent(proxy.url, ports, { readEvery: 1000, pingEvery: 60_000 });
        const untilAfter = (time: number) =>
          operator.untilSeen(
            "a later report",
            ([one]) => one !== undefined && one.at > time ? one.at : undefined,
          );
        // At its start it tells several times.
        const first = await untilAfter(500 + await untilAfter(0));
        await loseAnswer(proxy);
        // The second one that follows is told when the agent knows of the first one.
        await untilAfter(await untilAfter(first));
        assertEquals(agent.said, ["connected"]);
      }
      // It has not taken its own report for that of another agent.
      assertEquals(await operator.operator.agents(), []);
    };
    await Promise.all([ofChange(), ofReport()]);
  },
});
