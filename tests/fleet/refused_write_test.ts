import { assertEquals } from "@std/assert";
import { natsReason } from "../../src/fleet/nats/nats_connect.ts";
import { refusedWrite } from "../../src/fleet/nats/refused_write.ts";

Deno.test("a bucket is called missing only where it is, and not where a cluster has no leader", async () => {
  const reasonIf = async (status: () => Promise<never>) =>
    natsReason(await refusedWrite(new Error("jetstream is not enabled"), { status }));
  const failing = (text: string) => reasonIf(() => Promise.reject(new Error(text)));
  assertEquals(
    await failing("stream not found"),
    "There is no bucket yet, the first logdial fleet makes it",
  );
  const noLeader =
    "the cluster has no leader: its servers are choosing one, or too few of them are there";
  assertEquals(await failing("JetStream system temporarily unavailable"), noLeader);
  assertEquals(await failing("timeout"), "the server does not answer");
  assertEquals(await reasonIf(() => Promise.resolve({} as never)), noLeader);
});
