import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FleetOperator } from "../../src/fleet/fleet_operator.ts";
import { PortBlock } from "../harness/port_block.ts";
import { projectPath } from "../harness/project.ts";
import { fleetAt, TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

/** So much is kept that the server waits for a word before it sends all of it. */
const MANY = 12, LONG = "x".repeat(900_000);

Deno.test({
  name: "the rights that the documentation names are enough, also for much that is stored",
  ignore: !hasNatsServer(),
  fn: async () => {
    const guide = await Deno.readTextFile(projectPath("examples/fleet.md"));
    const [, agent = ""] = /```\n(publish = [^`]*)```/.exec(guide)!;
    const [, said = ""] = /An operator publishes to([^;]*);/.exec(guide)!;
    const subjects = said.match(/`[^`]+`/g)!.map((one) => `"${one.slice(1, -1)}"`);
    assertEquals(subjects.length, 3);
    const user = (name: string, rights: string) =>
      `{ user: ${name}, password: x, permissions: { ${rights} } }`;
    const users = [
      user("agent", agent),
      user("operator", `publish = [${subjects}]`),
      user("writer", 'publish = ["$KV.logdial.>", "$JS.API.STREAM.>", "$JS.API.DIRECT.>"]'),
      user("deaf", `publish = [${subjects.slice(0, 2)}]`),
    ];
    const file = await Deno.makeTempFile({ prefix: "logdial_nats_" });
    await Deno.writeTextFile(file, `authorization { users: [\n${users.join("\n")}\n] }`);
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    const urlOf = (name: string) => server.url.replace("//", `//${name}:x@`);
    await server.start("-c", file);
    await Deno.remove(file);
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using operator = await TestOperator.connect(urlOf("operator"));
    await using _agent = new TestAgent(urlOf("agent"), ports, { hostName: "web-1" });
    await operator.untilApplied(await operator.set({ app: "ERROR" }), 1);
    // What has been stored is said also to who may not hear what came of it.
    const { code, stderr } = await fleetAt(urlOf("writer"))("set", "app.w=ERROR");
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /Stored set app\.w=ERROR \(\w+\), but the server does not tell .*: Permissions Violation/,
    );
    await shop.until("the change", ({ levels }) => levels["app.w"] === "ERROR");
    for (let count = 0; count < MANY; count++) {
      await operator.operator.add({ label: "long", text: LONG, to: { app: `other-${count}` } });
    }
    assertEquals((await operator.operator.changes()).length, MANY + 2);
    const deaf = await FleetOperator.connect({ nats: urlOf("deaf") });
    try {
      const about = 'Cannot read all of the fleet: Permissions Violation for Publish to "$JS.FC.';
      await assertRejects(() => deaf.changes(), Error, about);
    } finally {
      await deaf.close();
    }
  },
});
