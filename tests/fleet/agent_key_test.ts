import { assert, assertEquals } from "@std/assert";
import { AgentKey } from "../../src/fleet/agent_key.ts";
import { FleetStore } from "../../src/fleet/fleet_store.ts";
import { within } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";
import { TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";

const KEY = "h1.a", SILENCE = 1000;

Deno.test({
  name: "an agent takes its report back, but not while another one tells under the same key",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    const store = await FleetStore.connect({ nats: server.url }, "test");
    let now = 0;
    const keyOf = () => new AgentKey(store, KEY, SILENCE, () => now);
    const isThere = async () => await store.told(KEY) !== undefined;
    try {
      await store.createBuckets();
      const alone = keyOf();
      assertEquals(await alone.before(), undefined);
      for (const count of [1, 2]) await alone.tell({ count });
      await alone.leave();
      assert(!await isThere());

      // The first one hears of the second by what that writes, the second one by what is there.
      const first = keyOf(), second = keyOf();
      await first.tell({});
      await second.before();
      await second.tell({});
      await second.leave();
      assert(await isThere());
      await first.tell({});
      await first.leave();
      assert(await isThere());
      now += SILENCE;
      await first.tell({});
      await first.leave();
      assert(!await isThere());

      // The second one has told last, and the first has told nothing since.
      const third = keyOf(), fourth = keyOf();
      await third.tell({});
      await fourth.tell({});
      await third.leave().catch(() => {});
      assert(await isThere());
    } finally {
      await store.close();
    }
  },
});

Deno.test({
  name: "agents of hosts with the same name say so, and those of one host do not",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    const store = await FleetStore.connect({ nats: server.url }, "test");
    const said: string[] = [];
    const agents = ["a", "b"].map((name) =>
      new AgentKey(store, KEY, SILENCE, () => 0, (text) => said.push(`${name}: ${text}`))
    );
    /** Lets both tell of their processes so many times, one after the other. */
    const tell = async (times: number, ...pids: readonly [number, number]) => {
      for (let time = 0; time < times; time++) {
        for (const [at, agent] of agents.entries()) {
          await agent.tell({ threads: [{ pid: pids[at] }] });
        }
      }
    };
    try {
      await store.createBuckets();
      await tell(2, 7, 7);
      // The program is started anew, which one of them sees first.
      await tell(1, 7, 8);
      await tell(2, 8, 8);
      assertEquals(said, []);
      await tell(3, 8, 9);
      assertEquals(said.map((text) => text.slice(0, 30)).sort(), [
        "a: Another agent under this ho",
        "b: Another agent under this ho",
      ]);
    } finally {
      await store.close();
    }
  },
});

Deno.test({
  name: "an agent that ends as it tells its first report takes it back",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(1);
    await using server = NatsServer.single();
    await server.start();
    await using operator = await TestOperator.connect(server.url);
    const { tell } = AgentKey.prototype, told = Promise.withResolvers<void>();
    using _tell = replaced(AgentKey.prototype, "tell", function (this: AgentKey, report) {
      const telling = tell.call(this, report);
      told.resolve();
      return telling;
    });
    {
      await using _agent = new TestAgent(server.url, ports);
      await within(told.promise, () => "a report");
    }
    assertEquals(await operator.operator.agents(), []);
  },
});
