import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { joinFleet } from "../../src/fleet.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { hasNatsServer } from "./nats_server.ts";

Deno.test("a password that is no address says what is wrong, and is not told itself", async () => {
  const { code, stderr } = await runCommand(["fleet", "status", "--nats", "nats://kim:50%@h"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'of NATS server h: "%" begins a code');
  assertEquals(stderr.includes("50%"), false);
});

Deno.test("a command without a server's address says how to give one, also where it may read no variable", async () => {
  const file = "src/cli/main.ts";
  for (const command of ["agent", "fleet"]) {
    const args = [command, ...command === "fleet" ? ["status"] : []];
    const allow = ["--allow-read", "--allow-net=127.0.0.1"];
    const env = { LOGDIAL_NATS: "nats://nats.invalid" };
    await using kept = ChildProgram.deno(file, { args, allow, env });
    await kept.untilError(
      `logdial: Cannot run ${command}: name the NATS server, by --nats nats://HOST:4222; ` +
        "LOGDIAL_NATS may not be read, run or install with --allow-env=LOGDIAL_NATS",
    );
    await using free = ChildProgram.deno(file, { args, allow: [...allow, "--allow-env"] });
    await free.untilError("by --nats nats://HOST:4222 or LOGDIAL_NATS");
  }
});

Deno.test("a program that joins a fleet without a server's address is told what to give", () => {
  for (const nats of [undefined, null, "", []]) {
    assertThrows(() => joinFleet({ nats } as never), Error, "nats");
  }
  const join = joinFleet as (options: object) => unknown;
  assertThrows(() => join({ nats: [4222] }), TypeError, "it must be an address, or several");
  const says = 'Cannot find the fleet: give nats, such as "nats://nats.example:4222"';
  assertThrows(() => join({ hostName: "web-1" }), RangeError, says);
});

Deno.test("a program that joins a fleet where none of its threads listens says so", async () => {
  using ports = PortBlock.claim(2);
  const { promise: told, resolve } = Promise.withResolvers<string>();
  const member = joinFleet({
    nats: "nats://127.0.0.1:1",
    hostName: "h1",
    ports: ports.range,
    say: resolve,
  });
  const [first, last] = ports.range;
  const reason = `no thread of this program listens on ports ${first} to ${last}`;
  assertEquals(await told, `Cannot join the fleet yet: ${reason}`);
  await member.close();
});

Deno.test({
  name: "a server without JetStream is named, with the way out",
  ignore: !hasNatsServer(),
  fn: async () => {
    using ports = PortBlock.claim(1);
    const args = ["-a", "127.0.0.1", "-p", `${ports.first}`];
    await using server = ChildProgram.run("nats-server", args);
    await server.untilError("Server is ready");
    const place = `127.0.0.1:${ports.first}`;
    const { code, stderr } = await runCommand(["fleet", "status", "--nats", `nats://${place}`]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `Cannot keep a fleet on ${place}: it has no JetStream, start it`);
  },
});
