import { assert, assertEquals } from "@std/assert";
import { fleetAt, TestOperator } from "./fleet_bench.ts";
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

Deno.test({
  name: "a change that the server has stored is told as stored, also if its answer was lost",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    await using operator = await TestOperator.connect(server.url);
    await using proxy = new TcpProxy(server.port);
    proxy.swallow('"stream":"KV_');
    const words = ["app=DEBUG", "--wait", "1ms"];
    const { code, stdout, stderr } = await fleetAt(proxy.url)("set", ...words);
    assert(proxy.hasSwallowed);
    const [kept] = await operator.operator.changes();
    assertEquals([code, stderr], [3, ""]);
    assert(stdout.startsWith(`stored set app=DEBUG (${kept!.change.id})`), stdout);
  },
});
