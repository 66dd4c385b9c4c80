import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { connect } from "npm:@nats-io/transport-node@3.4.0";
import { FleetOperator } from "../../src/fleet/fleet_operator.ts";
import { PortBlock } from "../harness/port_block.ts";
import { projectPath } from "../harness/project.ts";
import { eventually } from "../harness/deadline.ts";
import { fleetAt, TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

/** So much is kept that the server waits for a word before it sends all of it. */
const MANY = 12, LONG = "x".repeat(900_000);

const user = (name: string, rights: string) =>
  `{ user: ${name}, password: x, permissions: { ${rights} } }`;

/** Starts a server that knows these users, and has so much room. */
async function start(server: NatsServer, users: readonly string[], room = 1e9): Promise<void> {
  const text = `authorization { timeout: 60, users: [\n${users.join("\n")}\n] }\n`;
  await server.startBy(`${text}jetstream { max_file_store: ${room} }`);
}

Deno.test({
  name: "the rights that the documentation names are enough, also for much that is stored",
  ignore: !hasNatsServer(),
  fn: async () => {
    const guide = await Deno.readTextFile(projectPath("examples/fleet.md"));
    const [, agent = ""] = /```\n(publish = [^`]*)```/.exec(guide)!;
    const [, said = ""] = /An operator publishes to([^;]*);/.exec(guide)!;
    const subjects = said.match(/`[^`]+`/g)!.map((one) => `"${one.slice(1, -1)}"`);
    assertEquals(subjects.length, 3);
    const users = [
      user("agent", agent),
      user("operator", `publish = [${subjects}]`),
      user("writer", 'publish = ["$KV.logdial.>", "$JS.API.STREAM.>", "$JS.API.DIRECT.>"]'),
      user("deaf", `publish = [${subjects.slice(0, 2)}]`),
    ];
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    const urlOf = (name: string) => server.url.replace("//", `//${name}:x@`);
    await start(server, users);
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

Deno.test({
  name: "an agent that cannot tell how threads stand says so, and serves them all the same",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    const urlOf = (name: string) => server.url.replace("//", `//${name}:x@`);
    const all = 'publish = ">"', mute = 'publish = ["$JS.API.>", "$KV.logdial.>"]';
    const users = [user("all", all), user("mute", mute)];
    await start(server, users, 2_000_000);
    await using shop = new ShopProgram(ports);
    await shop.until("a port", () => true);
    await using operator = await TestOperator.connect(urlOf("all"));
    await operator.set({ app: "ERROR" });
    const served = async (name: string, level: string, why: string) => {
      await using agent = new TestAgent(urlOf(name), ports, { hostName: "web-1" });
      await shop.until("the change", ({ levels }) => levels.app === level);
      const about = "Cannot tell how threads stand, which get what is wanted all the same: ";
      const said = () => agent.said.filter((one) => one.startsWith(about));
      assertMatch(await eventually("a word", () => said()[0]), new RegExp(why));
      assertEquals(said().length, 1, agent.said.join());
    };
    await served("mute", "ERROR", 'Publish to "\\$KV.logdial_seen.* needs the right to publish');
    await operator.set({ app: "CRITICAL" });
    const fill = async () => {
      for (let count = 0;; count++) {
        await operator.operator.add({ label: "long", text: LONG, to: { app: `other-${count}` } });
      }
    };
    await assertRejects(fill, Error, "the server has no room to store it, give its disk");
    await served("all", "CRITICAL", "insufficient resources: the server has no room");
  },
});

Deno.test({
  name: "a rollback that one may do in part only says what it has taken back",
  ignore: !hasNatsServer(),
  fn: async () => {
    await using server = NatsServer.single();
    const urlOf = (name: string) => server.url.replace("//", `//${name}:x@`);
    const guide = await Deno.readTextFile(projectPath("examples/fleet.md"));
    const [, own = ""] = /```\n(publish = [^`]*app\.shop[^`]*)```/.exec(guide)!;
    await start(server, [user("all", 'publish = ">"'), user("own", own)]);
    const early = await fleetAt(urlOf("own"))("status");
    assertMatch(
      early.stderr,
      /Cannot make bucket .*; it is made when a user with that right runs logdial fleet$/,
    );
    await using operator = await TestOperator.connect(urlOf("all"));
    const { change: { id: kept } } = await operator.set({ app: "ERROR" });
    const { change: { id } } = await operator.set({ app: "INFO" }, { to: { app: "shop" } });
    const { code, stderr } = await fleetAt(urlOf("own"))("rollback", "2");
    assertEquals(code, 1);
    const said = `Took back set app=INFO (${id}), but cannot take back set app=ERROR (${kept}): `;
    assertEquals(stderr.replace(/Permissions.*/, ""), `logdial: ${said}`);
    assertEquals((await operator.operator.changes()).map(({ change }) => change.id), [kept]);
    // What the documentation names is enough, and lets nobody remove what others have stored.
    const run = fleetAt(urlOf("own"));
    assertEquals((await run("set", "app=INFO", "--app", "shop", "--wait", "1ms")).code, 3);
    for (const part of ["status", "history", "diff"]) assertEquals((await run(part)).stderr, "");
    const connection = await connect({ servers: server.url, user: "own", pass: "x" });
    const purge = () => connection.request("$JS.API.STREAM.PURGE.KV_logdial");
    await assertRejects(purge, Error, "Permissions Violation");
    await connection.close();
  },
});
