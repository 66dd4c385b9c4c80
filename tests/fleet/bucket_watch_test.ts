import { assertEquals, assertRejects } from "@std/assert";
import { beginWatch } from "../../src/fleet/nats/bucket_watch.ts";
import type { BucketWatch } from "../../src/fleet/nats/nats_types.ts";
import { within } from "../harness/deadline.ts";

Deno.test("a watch that nobody answers, since a killed server was chosen for it, is asked for again", async () => {
  const late = Promise.withResolvers<BucketWatch>(), ended = Promise.withResolvers<void>();
  const watch = { stop: () => {}, async *[Symbol.asyncIterator]() {} };
  let asked = 0;
  const ask = () => ++asked === 1 ? late.promise : Promise.resolve(watch);
  assertEquals(await within(beginWatch(ask), () => "a watch") === watch, true);
  assertEquals(asked, 2);
  // The first question is answered after all: that watch is ended.
  late.resolve({ ...watch, stop: ended.resolve });
  await within(ended.promise, () => "the end of the other watch");
});

Deno.test("a watch for which the first question fails is not waited for any longer", async () => {
  let asked = 0;
  const ask = () => {
    asked++;
    return Promise.reject<BucketWatch>(new Error("timeout"));
  };
  await assertRejects(() => beginWatch(ask), Error, "timeout");
  assertEquals(asked, 1);
});
