import { assertEquals, assertRejects } from "@std/assert";
import { jetstreamManager } from "npm:@nats-io/jetstream@3.4.0";
import { connect } from "npm:@nats-io/transport-node@3.4.0";
import { BUCKET, SEEN_BUCKET, seenKey } from "../../src/fleet/fleet_keys.ts";
import { FleetStore } from "../../src/fleet/fleet_store.ts";
import { getEntry } from "../../src/fleet/nats/get_entry.ts";
import type { BucketEntry } from "../../src/fleet/nats/nats_types.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";

Deno.test("nothing is read from a bucket before something has been stored, also once it was lost", async () => {
  const entry = { key: "k", revision: 1 } as BucketEntry;
  let last = 0, asked = 0, failure = undefined as Error | undefined;
  const bucket = {
    status: () =>
      Promise.resolve({ streamInfo: { created: "", state: { last_seq: last, messages: last } } }),
    get: () => {
      asked++;
      return failure === undefined ? Promise.resolve(entry) : Promise.reject(failure);
    },
  };
  assertEquals([await getEntry(bucket, "k"), asked], [null, 0]);
  last = 1;
  assertEquals([await getEntry(bucket, "k"), asked], [entry, 1]);
  failure = new Error("stream not found");
  await assertRejects(() => getEntry(bucket, "k"), Error, "stream not found");
  last = 0;
  assertEquals([await getEntry(bucket, "k"), asked], [null, 2]);
});

Deno.test({
  name: "a server stays up while agents look for buckets that are just being made",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    const admin = await connect({ servers: server.url });
    const manager = await jetstreamManager(admin);
    const store = () => FleetStore.connect({ nats: server.url }, "test");
    const operator = await store(), agents = await Promise.all(Array.from({ length: 4 }, store));
    let isDone = false;
    // What fails is that there is no bucket yet.
    const look = async (agent: FleetStore) => {
      while (!isDone) await agent.told(seenKey("h1", "a")).catch(() => {});
    };
    const looking = agents.map(look);
    try {
      for (let count = 0; count < 30; count++) {
        assertEquals(await operator.createBuckets(), true);
        for (const name of [BUCKET, SEEN_BUCKET]) await manager.streams.delete(`KV_${name}`);
      }
    } finally {
      isDone = true;
      await Promise.all(looking);
      await Promise.all([operator, ...agents].map((one) => one.close()));
      await admin.close();
    }
  },
});
