import { assertEquals } from "@std/assert";
import { agentName } from "../../src/cli/fleet/agent_name.ts";
import { readFlags } from "../../src/cli/arguments/flags.ts";
import { LocalThreads } from "../../src/fleet/host_threads.ts";
import type { Targets } from "../../src/client/targets.ts";
import { within } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";
import { ShopProgram } from "./shop_program.ts";

Deno.test("an agent serves the threads that it is to serve, and not those that share a port with them", async () => {
  using ports = PortBlock.claim(1);
  await using shop = new ShopProgram(ports);
  await shop.until("a port", () => true);
  await shop.startThread("Late");
  await shop.child.eventually("a follower", async () => {
    const all = await new LocalThreads({ ports: ports.range }).look();
    return all.length === 2 ? true : undefined;
  });
  for (const name of ["MainProcess", "Late", "L*"]) {
    const found = await new LocalThreads({ ports: ports.range, name }).look();
    const wanted = name === "MainProcess" ? name : "Late";
    assertEquals(found.map(({ status }) => status?.name), [wanted]);
  }
});

Deno.test("what does not answer on a port delays the others once, and is found when it answers", async () => {
  using ports = PortBlock.claim(2);
  const [first, last] = ports.range;
  await using shop = new ShopProgram(ports);
  await shop.until("a port", ({ port }) => port === first);
  const targets: Targets = { ports: ports.range, timeout: 1000 };
  const host = new LocalThreads(targets);
  const look = async () => (await host.look()).map(({ status }) => status?.name);
  {
    using mute = Deno.listen({ hostname: "127.0.0.1", port: last });
    const [before, first] = await Promise.all([look(), mute.accept()]);
    first.close();
    // It is asked again, and has so long for its answer.
    targets.timeout = 60_000;
    const asked = mute.accept();
    assertEquals([before, await within(look(), () => "the others")], [["MainProcess"], before]);
    (await asked).close();
  }
  targets.timeout = 1000;
  await shop.startThread("Late");
  await shop.child.eventually("the other port", async () => {
    const names = await look();
    return names.join() === "MainProcess,Late" ? true : undefined;
  });
});

Deno.test("a listener as CPython's that has ended is missed, also where the host's clock was set back", async () => {
  using ports = PortBlock.claim(1);
  const host = new LocalThreads({ ports: ports.range });
  const ending = Promise.withResolvers<void>();
  {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: ports.first });
    // It closes without a word.
    const serving = (async () => {
      for await (const conn of silent) conn.close();
    })();
    void serving.then(ending.resolve);
    assertEquals((await host.look()).map(({ status }) => status), [undefined]);
  }
  await ending.promise;
  const now = Date.now, steady = performance.now.bind(performance);
  using _clock = replaced(Date, "now", () => now() - 3_600_000);
  using _steady = replaced(performance, "now", () => steady() + 6000);
  assertEquals(await host.look(), []);
});

Deno.test("agents that serve other threads of the same ports have other names", () => {
  const nameOf = (...args: readonly string[]) =>
    agentName(readFlags(["--ports", "9101-9104,9201", ...args], {}, "agent").targets);
  assertEquals(nameOf(), "9101-9104,9201");
  assertEquals(nameOf("--app", "shop"), "9101-9104,9201 app shop");
  assertEquals(nameOf("--name", "W*", "--pid", "7"), "9101-9104,9201 name W* pid 7");
});
