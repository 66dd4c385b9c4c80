import { assertEquals, assertMatch } from "@std/assert";
import { connect } from "npm:@nats-io/transport-node@3.4.0";
import { Kvm } from "npm:@nats-io/kv@3.4.0";
import { PortBlock } from "../harness/port_block.ts";
import { eventually } from "../harness/deadline.ts";
import { fleetAt, TestAgent } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

/** Makes buckets as somebody does who does not know what they are for. */
async function make(url: string, buckets: Record<string, object>): Promise<void> {
  const connection = await connect({ servers: url });
  const manager = new Kvm(connection);
  for (const [name, settings] of Object.entries(buckets)) await manager.create(name, settings);
  await connection.close();
}

Deno.test({
  name:
    "a bucket of changes that others have made says what does not work with it, and the way out",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    const run = fleetAt(server.url);
    await make(server.url, { logdial: { history: 5, ttl: 3_600_000 }, logdial_seen: {} });
    const { stderr } = await run("history");
    const [deaf, short, ...more] = stderr.split("\n");
    assertMatch(
      deaf!,
      /^Bucket logdial was made by others, and agents hear of no write to it, and find/,
    );
    assertMatch(
      short!,
      / forgets changes after 3600s, .*; "nats kv del logdial" removes it with all/,
    );
    assertEquals(more, []);
    await using other = NatsServer.single();
    await other.start();
    // What the command has made itself is as it must be, also when it finds it there.
    for (let count = 0; count < 2; count++) {
      assertEquals((await fleetAt(other.url)("history")).stderr, "");
    }
  },
});

Deno.test({
  name:
    "a bucket that takes short values only says so, and an agent that cannot tell serves all the same",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    await server.start();
    const republish = { src: "$KV.logdial.>", dest: "logdial.live.>" };
    await make(server.url, {
      logdial: { republish, maxValueSize: 500 },
      logdial_seen: { maxValueSize: 100 },
    });
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using agent = new TestAgent(server.url, ports);
    const set = fleetAt(server.url);
    const long = await set(
      "set",
      "app=INFO",
      "--reason",
      "x".repeat(200),
      "--match",
      "y".repeat(200),
    );
    assertEquals(long.code, 1);
    assertMatch(
      long.stderr,
      /: the bucket takes no value as long as that, raise what its stream takes/,
    );
    assertEquals((await set("set", "app=ERROR")).stderr, "");
    await shop.until("the change", ({ levels }) => levels.app === "ERROR");
    const about =
      "Cannot tell how threads stand, which get what is wanted all the same: message size";
    await eventually("a word", () => agent.said.find((one) => one.startsWith(about)));
  },
});
