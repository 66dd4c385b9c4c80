import { assertEquals } from "@std/assert";
import { StandbyKeeper } from "../../src/hub/server/standby_keeper.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test("of threads one at a time is asked to start a hub that stands by", async () => {
  const keeper = new StandbyKeeper({ threadId: "host", isMain: false });
  const asked: string[] = [];
  const threads = () =>
    ["host", "a", "b"].map((threadId) => ({ threadId, ask: () => void asked.push(threadId) }));
  // Both see that nobody stands by.
  await Promise.all([keeper.look(threads), keeper.look(threads)]);
  await keeper.look(threads);
  assertEquals(asked, ["a"]);
});

Deno.test("where a thread starts no hub, the next one is asked, and in the end all once more", async () => {
  let passed = 0;
  using _ = replaced(performance, "now", () => passed);
  const keeper = new StandbyKeeper({ threadId: "host", isMain: false });
  const asked: string[] = [];
  const threads = ["host", "a", "b"].map((threadId) => ({
    threadId,
    ask: () => void asked.push(threadId),
  }));
  for (passed = 0; passed <= 9000; passed += 1000) await keeper.look(() => threads);
  assertEquals(asked, ["a", "b", "a"]);
});
