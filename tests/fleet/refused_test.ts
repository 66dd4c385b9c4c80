import { assert, assertEquals } from "@std/assert";
import { connectNats } from "../../src/fleet/nats/nats_connect.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

const RIGHT = 'authorization { user: a, password: "right", timeout: 60 }';
const OTHER = 'authorization { user: a, password: "other", timeout: 60 }';

Deno.test({
  name: "an agent that is refused for a while says so once, and is back when it is let in again",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    const url = server.url.replace("//", "//a:right@");
    await server.startBy(RIGHT);
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using agent = new TestAgent(url, ports);
    {
      await using operator = await TestOperator.connect(url);
      await operator.untilApplied(await operator.set({ app: "DEBUG" }, { lasts: 600_000 }), 1);
    }
    await server.kill();
    await server.startBy(OTHER);
    const refused = () => agent.said.filter((one) => one.includes("is not let in again"));
    await eventually("a refusal", () => refused()[0]);
    // The library gives up after the second one.
    await server.untilRefused(3);
    await server.kill();
    await server.startBy(RIGHT);
    await using operator = await TestOperator.connect(url);
    await operator.untilApplied(await operator.set({ "app.x": "ERROR" }), 1);
    assertEquals(refused().length, 1, agent.said.join());
    assert(refused()[0]!.includes("Authorization Violation, it takes other credentials"));
    for (const text of ["lost the server", "connected again"]) {
      assertEquals(agent.said.filter((one) => one === text).length, 1, agent.said.join());
    }
  },
});

Deno.test({
  name: "no connection that a server breaks off while it refuses ends the program",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    const nats = server.url.replace("//", "//a:right@");
    await server.startBy(RIGHT);
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, count) => connectNats({ nats }, `test ${count}`)),
    );
    try {
      await server.kill();
      await server.startBy(OTHER);
      await server.untilRefused(90);
    } finally {
      await Promise.all(all.map(({ connection }) => connection.close()));
      for (const { release } of all) release();
    }
  },
});

Deno.test({
  name: "an agent that has never been let in goes on to try, whatever its connections break off by",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(1);
    await using server = NatsServer.single();
    await server.startBy(RIGHT);
    const url = server.url.replace("//", "//a:other@");
    const agents = Array.from({ length: 20 }, () => new TestAgent(url, ports));
    try {
      await server.untilRefused(100);
      for (const { said } of agents) assertEquals(said.length, 1, said.join());
    } finally {
      await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()));
    }
  },
});

Deno.test({
  name: "an agent that ends while the server is away calls that no fault of the connection",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(1);
    await using server = NatsServer.single();
    await server.start();
    const agent = new TestAgent(server.url, ports);
    const untilSaid = (text: string) =>
      eventually(text, () => agent.said.find((one) => one.startsWith(text)));
    await untilSaid("There is no bucket yet");
    await server.kill();
    await untilSaid("lost the server");
    // It asks again and again, and the library keeps the questions for the server's return.
    const asked = () => agent.agent.stats!.outMsgs, before = asked();
    await eventually("a question", () => asked() > before || undefined);
    await agent[Symbol.asyncDispose]();
    const last = agent.said.at(-1)!;
    assert(["lost the server", "the server does not answer"].includes(last), last);
  },
});
