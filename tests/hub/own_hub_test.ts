import { assertEquals, assertMatch } from "@std/assert";
import { encodeFrame, QUICK_PROBE } from "../../src/wire/frame.ts";
import { parseStatus } from "../../src/wire/message.ts";
import { sign } from "../../src/wire/signature.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { packageMap } from "../harness/package_map.ts";
import { packedProgram } from "../harness/packed_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { PROJECT } from "../harness/project.ts";
import { readAck, say, sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { listThreads } from "../harness/list_threads.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";
import { untilRefused } from "../harness/until_refused.ts";

const PROGRAM = "tests/fixtures/serves_itself.ts";

Deno.test("a thread that serves itself answers as soon as it is idle, and can stop and begin again", async () => {
  await using program = ChildProgram.deno(PROGRAM);
  const line = await program.until(/^port \d+ served by thread$/);
  const port = Number(line.split(" ")[1]);
  // The thread has its port already, and blocks.
  const asked = sendConfig(port, taggedConfig("NEW", "DEBUG"));
  await program.tell("be idle");
  assertEquals((await asked).status, "applied");
  const again = await sendConfig(port, taggedConfig("NEXT", "DEBUG"));
  assertEquals(again.status, "applied");
  await program.tell("stop");
  await program.output();
  assertEquals(program.stdout.lines.slice(-2), [
    tagged("NEXT", "MainProcess", "DEBUG", "turned"),
    "listens again",
  ]);
});

Deno.test("a thread that serves itself takes no signature twice, though it stops and begins again", async () => {
  await using program = ChildProgram.deno(PROGRAM, { env: { LOGDIAL_KEY: "a secret" } });
  const port = Number((await program.until(/^port \d+ served by thread$/)).split(" ")[1]);
  await program.tell("be idle");
  const { instance } = parseStatus(await say(port, QUICK_PROBE))!;
  const change = new TextEncoder().encode(taggedConfig("NEW", "DEBUG"));
  const frame = encodeFrame(
    await sign(change, "a secret", Date.now(), { instance: instance!, port }),
  );
  assertEquals(readAck(await say(port, frame)).status, "applied");
  await program.tell("stop");
  await program.until("listens again");
  assertEquals(
    readAck(await say(port, frame)).error?.message,
    "Cannot take the change: the signature was used before",
  );
});

Deno.test("a thread that serves itself frees its port at once if it has not been idle", async () => {
  using ports = PortBlock.claim(1);
  await using program = ChildProgram.deno(PROGRAM, { args: [String(ports.first)] });
  await program.output();
  assertEquals(program.stdout.lines.at(-1), "the port is free");
});

Deno.test("a thread that serves itself frees its port if what answers there cannot be loaded", async () => {
  const importMap = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(importMap, mapWithoutHub());
    await using program = ChildProgram.deno(PROGRAM, { importMap });
    const line = await program.until(/^port \d+ served by thread$/);
    await program.tell("be idle");
    assertMatch(await program.untilError("lost its port"), /MainProcess lost its port: .*nowhere/);
    await untilRefused(Number(line.split(" ")[1]));
    await program.tell("stop");
    assertEquals((await program.output()).split("\n").at(-1), "listens again");
  } finally {
    await Deno.remove(importMap);
  }
});

/** An import map by which programs do not find the file with which a hub answers. */
function mapWithoutHub(): string {
  const packed = packedProgram();
  const map = JSON.parse(
    packed === undefined
      ? packageMap(new URL("deps/", PROJECT).href)
      : Deno.readTextFileSync(packed.importMap),
  );
  const file = packed === undefined
    ? new URL("src/hub/server/hub.ts", PROJECT)
    : new URL("logdial_hub.js", packed.entries["mod.ts"]);
  map.imports[file.href] = new URL("nowhere.ts", file).href;
  return JSON.stringify(map);
}

Deno.test("where no hub follows one that ended, threads keep their ports, and the others get what is freed", async () => {
  using ports = PortBlock.claim(2);
  await using program = new ThreadsProgram(ports);
  for (const name of ["Starter", "Keeper"]) {
    await program.start(name);
    await program.portOf(name);
  }
  for (const name of ["C", "D"]) await program.start(name);
  const before = await program.untilThreads("Starter", "Keeper", "C", "D");
  for (const name of ["Keeper", "C", "D"]) {
    await program.tell(name, "unlock");
    await program.child.until(`${name} - ERROR - finds no other hub`);
  }
  // On a machine that has no time for Keeper for a second, it would get Keeper's port.
  await program.tell("D", "block");
  await program.command({ do: "terminate", name: "Starter" });
  const after = await program.child.eventually("the freed port at work", async () => {
    const found = await listThreads(ports);
    const isTaken = [...found.values()].some(({ port }) => port === ports.first);
    // Each thread serves itself now, and Keeper may be later than the one that gets the freed port.
    return isTaken && found.has("Keeper") ? found : undefined;
  });
  assertEquals(after.get("Keeper")?.port, before.get("Keeper")!.port);
  await program.command({ do: "open", name: "D" });
  await program.child.until("D - ERROR - released");
  await program.command({ do: "terminate", name: "Keeper" });
  await program.untilThreads("C", "D");
  assertEquals(program.child.stderr.lines, []);
});
