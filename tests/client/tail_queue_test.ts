import { assertEquals } from "@std/assert";
import { TailQueue } from "../../src/client/tail_queue.ts";
import { within } from "../harness/deadline.ts";

Deno.test("the lines of a tail that is closed end, whoever is still followed or looked for", async () => {
  const queue = new TailQueue(), shown: unknown[] = [];
  const first = Promise.withResolvers<void>();
  const showing = (async () => {
    for await (const line of queue) {
      shown.push(line);
      first.resolve();
    }
  })();
  queue.begin();
  queue.push({ port: 9001, dropped: 1 });
  await first.promise;
  queue.close();
  await within(showing, () => "the end of the lines");
  assertEquals(shown, [{ port: 9001, dropped: 1 }]);
});
