import { assertEquals, assertRejects } from "@std/assert";
import { jetstreamManager } from "npm:@nats-io/jetstream@3.4.0";
import { connect } from "npm:@nats-io/transport-node@3.4.0";
import { FleetStore } from "../../src/fleet/fleet_store.ts";
import { BUCKET, SEEN_BUCKET, seenKey } from "../../src/fleet/fleet_keys.ts";
import { lastOfKeys, listEntries } from "../../src/fleet/nats/list_entries.ts";
import type { BucketEntry, BucketWatch } from "../../src/fleet/nats/nats_types.ts";
import { comeMeanwhile } from "../harness/come_meanwhile.ts";
import { within } from "../harness/deadline.ts";
import { fleetAt } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";

Deno.test("a list of revisions ends with the newest one at its begin, also if the library does not end it", async () => {
  const listed = await within(listEntries(bucketOf([1, 3, 4, 7], 4)), () => "the list");
  assertEquals(listed.map(({ revision }) => revision), [1, 3, 4]);
  // The newest one was overwritten before it was sent.
  const later = await within(listEntries(bucketOf([1, 5], 4)), () => "the list");
  assertEquals(later.map(({ revision }) => revision), [1, 5]);
  // Another one was, so that it comes behind the newest; after some times it is enough.
  const behind = await within(listEntries(bucketOf([1, 4, 6, 7], 4, 6, 6)), () => "the list");
  assertEquals(behind.map(({ revision }) => revision), [1, 4, 6]);
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const busy = await within(listEntries(bucketOf(numbers, ...numbers)), () => "the list");
  assertEquals(busy.length, 5);
  const silent = within(listEntries(bucketOf([1], 4), 1), () => "the end of the wait");
  await assertRejects(() => silent, Error, "timeout");
});

Deno.test("a revision that came while the program was stopped is read before it gives up", async () => {
  let isStopped = false;
  const history = (): Promise<BucketWatch> =>
    Promise.resolve({
      stop: () => isStopped = true,
      async *[Symbol.asyncIterator]() {
        await comeMeanwhile(600);
        if (!isStopped) yield entryOf(1, "a");
      },
    });
  const listed = await listEntries({ ...bucketOf([], 1), history }, 250);
  assertEquals(listed.map(({ key }) => key), ["a"]);
});

Deno.test("a server that has not caught up with the others is asked until it has", async () => {
  const lists = [[1], [1, 3], [1, 3, 4]];
  let asked = 0;
  const behind = {
    ...bucketOf([], 4),
    history: () => endingList(lists[Math.min(asked++, 2)]!),
  };
  const listed = await within(listEntries(behind), () => "the whole list");
  assertEquals([listed.map(({ revision }) => revision), asked], [[1, 3, 4], 3]);
});

Deno.test("a server that has an older report of each agent has not caught up, unless the newest is deleted", async () => {
  const status = () =>
    Promise.resolve({ streamInfo: { created: "", state: { last_seq: 4, messages: 2 } } });
  let asked = 0;
  const behind = { status, history: () => endingList(++asked === 3 ? [3, 4] : [1, 3]) };
  const list = (bucket: typeof behind) =>
    within(listEntries(bucket, undefined, 1), () => "the list");
  const listed = await list(behind);
  assertEquals([listed.map(({ revision }) => revision), asked], [[3, 4], 3]);
  const deleted = { status, history: () => endingList([1, 3]) };
  assertEquals((await list(deleted)).length, 2);
  const late = { status, history: () => endingList([1]) };
  await assertRejects(() => list(late), Error, "has not caught up");
});

Deno.test("the last revision of a key counts, and none of a key that was deleted", () => {
  const entries = [entryOf(1, "a"), entryOf(2, "b"), entryOf(3, "a"), entryOf(4, "b", "PURGE")];
  assertEquals(lastOfKeys(entries).map(({ revision }) => revision), [3]);
});

Deno.test({
  name: "what agents have told can be read while they tell more",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    const connect = () => FleetStore.connect({ nats: server.url }, "test");
    const reader = await connect(), writer = await connect();
    await reader.createBuckets();
    let isDone = false;
    const writing = async () => {
      while (!isDone) await writer.tell(seenKey("h1", "a"), { version: 1 });
    };
    const reading = async () => {
      try {
        for (let count = 0; count < 20; count++) {
          await within(reader.seenNow(), () => `list ${count}`);
        }
      } finally {
        isDone = true;
      }
    };
    try {
      await Promise.all([writing(), reading()]);
    } finally {
      await Promise.all([reader.close(), writer.close()]);
    }
  },
});

Deno.test({
  name: "who asks or waits leaves nothing on the server",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    await server.start();
    const agent = await FleetStore.connect({ nats: server.url }, "test");
    const admin = await connect({ servers: server.url });
    try {
      await agent.createBuckets();
      await agent.tell(seenKey("h1", "a"), { version: 1, host: "h1", every: 1000, threads: [] });
      const run = fleetAt(server.url);
      assertEquals((await run("set", "app=DEBUG", "--wait", "1ms")).code, 3);
      assertEquals((await run("status")).code, 3);
      const { streams } = await jetstreamManager(admin);
      for (const bucket of [BUCKET, SEEN_BUCKET]) {
        const { state } = await streams.info(`KV_${bucket}`);
        assertEquals([state.messages, state.consumer_count], [1, 0], bucket);
      }
    } finally {
      await Promise.all([agent.close(), admin.close()]);
    }
  },
});

/** A bucket whose list goes on forever, with what is the newest revision one time after the other. */
function bucketOf(revisions: readonly number[], ...newest: readonly number[]) {
  const ended = Promise.withResolvers<void>();
  const history = (): Promise<BucketWatch> =>
    Promise.resolve({
      stop: ended.resolve,
      async *[Symbol.asyncIterator]() {
        for (const revision of revisions) yield entryOf(revision, `${revision}`);
        await ended.promise;
      },
    });
  let asked = 0;
  const status = () => {
    const last_seq = newest[asked++] ?? newest.at(-1)!;
    const state = { last_seq, messages: last_seq };
    return Promise.resolve({ streamInfo: { created: "", state } });
  };
  return { history, status };
}

/** A list that the server ends. */
function endingList(revisions: readonly number[]): Promise<BucketWatch> {
  return Promise.resolve({
    stop: () => {},
    async *[Symbol.asyncIterator]() {
      for (const revision of revisions) yield entryOf(revision, `${revision}`);
    },
  });
}

function entryOf(
  revision: number,
  key: string,
  operation: BucketEntry["operation"] = "PUT",
): BucketEntry {
  return { key, revision, operation, created: new Date(0), json: () => ({}) };
}
