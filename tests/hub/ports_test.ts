import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { scan } from "../../src/client/ports/scan.ts";
import { withWayOut } from "../../src/hub/life/start_hub.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";
import { packageMap } from "../harness/package_map.ts";
import { packedProgram } from "../harness/packed_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { importFlags, PROJECT, projectPath, registryFolders } from "../harness/project.ts";
import { sendConfig } from "../harness/raw_peer.ts";
import { listThreads } from "../harness/list_threads.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

const ONLY_LOGS = "tests/fixtures/only_logs.ts";

Deno.test("two programs that start at once share the ports without overlap or gap", async () => {
  using ports = PortBlock.claim(9);
  await using one = new ThreadsProgram(ports);
  await using two = new ThreadsProgram(ports);
  await Promise.all([one, two].map(async (program) => {
    await program.command({ do: "import" });
    for (const name of ["A", "B", "C"]) await program.start(name);
  }));
  const found = await eventually("eight threads", async () => {
    const found = await scan({ ports: ports.range });
    return found.length === 8 ? found : undefined;
  });
  assertEquals(found.map(({ port }) => port), ports.all.slice(0, 8));
  const owners = found.map((one) => one.kind === "logdial" ? one.status.pid : 0);
  for (const { child } of [one, two]) {
    assertEquals(owners.filter((pid) => pid === child.pid).length, 4);
    // A port answers before its thread has said so.
    const said = await eventually("four lines", () => {
      const lines = child.stdout.matching(/^Setup logging server on port \d+$/);
      return lines.length === 4 ? lines : undefined;
    });
    for (const line of said) assert(owners[Number(line.slice(29)) - ports.first] === child.pid);
  }
});

Deno.test("a thread without a port says so once and logs", async (t) => {
  using taken = PortBlock.claim(2);
  using _first = Deno.listen({ hostname: "127.0.0.1", port: taken.first });
  using _last = Deno.listen({ hostname: "127.0.0.1", port: taken.last });
  const cases = [
    {
      desc: "all ports taken",
      allow: ["--allow-all"],
      reason: `Cannot listen: all ports ${taken.first} to ${taken.last} are in use or not allowed`,
    },
    {
      desc: "no --allow-net",
      allow: ["--allow-env", "--allow-read"],
      reason: "Cannot listen: the program may not listen, add --allow-net=127.0.0.1",
    },
    {
      desc: "no permissions at all",
      allow: [],
      reason: "Cannot listen: the program may not listen, add --allow-net=127.0.0.1",
    },
  ];
  for (const { desc, allow, reason } of cases) {
    await t.step(desc, async () => {
      await using child = ChildProgram.deno(ONLY_LOGS, {
        allow,
        env: { LOGDIAL_PORTS: taken.text },
      });
      await child.output();
      const levels = ["DEBUG", "INFO", "ERROR"];
      for (const [index, level] of levels.entries()) {
        assert(child.stdout.matching(/./)[index]!.includes(level));
      }
      assertEquals(child.stdout.lines.length, levels.length);
      assertEquals(child.stderr.lines, [
        "logdial: MainProcess logs, but its levels cannot be changed from outside: " + reason,
      ]);
    });
  }
});

Deno.test("a thread that does not listen tells of what is passed over then", async () => {
  await using child = ChildProgram.deno(ONLY_LOGS, {
    allow: ["--allow-env", "--allow-read"],
    env: { LOGDIAL_CONFIG: "log.yaml", LOGDIAL_RECORD: "root=DEBUG", LOGDIAL_DUMP_TO: "" },
  });
  await child.output();
  const told =
    "logdial: LOGDIAL_CONFIG and LOGDIAL_RECORD are passed over, since the thread does not listen";
  assertEquals(child.stderr.lines.slice(1), [told]);
});

Deno.test("a variable that does not fit is refused by its name", async () => {
  await using child = ChildProgram.deno(ONLY_LOGS, { env: { LOGDIAL_RECORD_SIZE: "5" } });
  await child.output();
  assertEquals(
    child.stderr.lines[0]?.split("outside: ")[1],
    "Cannot read LOGDIAL_RECORD_SIZE: " +
      'it must be like 256K or 1M, 64K to 64M, not "5"',
  );
});

// What comes over the network needs no permission to be read.
const isFetched = packedProgram() !== undefined;

Deno.test({
  name: "a hub that may not be loaded is done without, and the program says so",
  ignore: isFetched,
  fn: doesWithout,
});

async function doesWithout(): Promise<void> {
  using ports = PortBlock.claim();
  await using child = ChildProgram.deno(ONLY_LOGS, {
    args: ["stay"],
    allow: ["--allow-net=127.0.0.1", "--allow-env=ENV,LOGDIAL_PORTS"],
    env: { LOGDIAL_PORTS: ports.text },
  });
  await child.until(`Setup logging server on port ${ports.first}`);
  const said = await child.untilError("there is no hub thread");
  assert(said.includes("add --allow-read="), said);
  const ack = await sendConfig(ports.first, taggedConfig("OWN", "ERROR"));
  assertEquals([ack.status, ack.levels], ["applied", { root: "ERROR" }]);
  await child.tell("still here");
  await child.until(tagged("OWN", "MainProcess", "ERROR", "still here"));
  const bad = await sendConfig(ports.first, "nonsense");
  assertEquals(bad.status, "rejected");
  assertEquals((await listThreads(ports)).get("MainProcess")!.levels, { root: "ERROR" });

  // A shell takes the quotes off that a blank in the path needs.
  const flag = /--allow-read=(?:'[^']*'|\S+)/.exec(said)![0].replaceAll("'", "");
  const folders = [flag, ...registryFolders()].join();
  using others = PortBlock.claim(1);
  await using allowed = ChildProgram.deno(ONLY_LOGS, {
    allow: ["--allow-net=127.0.0.1", "--allow-env=ENV,LOGDIAL_PORTS", folders],
    env: { LOGDIAL_PORTS: others.text },
  });
  await allowed.output();
  assertEquals(allowed.stderr.lines, [], "the flag that it names is enough");
}

Deno.test("a hub whose file is not in the bundle tells how to bundle", () => {
  assertEquals(
    withWayOut('Module not found "file:///srv/hub.js".'),
    'Module not found "file:///srv/hub.js", bundle the program without logdial, ' +
      'by --external "jsr:@logdial/*", or "@logdial/*" where an import map names it so',
  );
  assertEquals([withWayOut(undefined), withWayOut("x.")], [undefined, "x."]);
});

Deno.test("a program that is bundled whole is told how to bundle, and of no folder to allow", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bundled = `${folder}/bundled.js`;
    // The package, where it is under test, comes over HTTP.
    const args = ["bundle", "--quiet", "--allow-import", ...importFlags(), "--output", bundled];
    const start = projectPath("src/hub/life/start_hub.ts");
    const program = `${folder}/program.ts`;
    await Deno.writeTextFile(
      program,
      `import { startHub } from ${JSON.stringify(start)};
      console.log(startHub().failure());
      if ("WorkerGlobalScope" in globalThis) close();
      else new Worker(import.meta.url, { type: "module" });`,
    );
    await using bundler = ChildProgram.run(Deno.execPath(), [...args, program]);
    await bundler.output();
    const flags = ["--no-prompt", `--allow-read=${bundled}`];
    await using child = ChildProgram.run(Deno.execPath(), ["run", ...flags, bundled]);
    const [main, worker, ...more] = (await child.output()).split("\n");
    assertStringIncludes(
      main!,
      "not in the program's bundle, bundle the program without logdial, by",
    );
    assertEquals([worker, more], [main, []]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("that a hub's file is not there is known without a thread that tries to load it", async () => {
  const file = new URL("nowhere/hub.js", PROJECT).href;
  const entries = `export const hubEntry = () => new URL(${JSON.stringify(file)});
    export const entriesFolder = () => new URL(".", hubEntry());`;
  const importMap = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const map = packageMap(new URL("deps/", PROJECT).href, {
      "src/hub/board/thread_entries.ts": `data:text/javascript,${encodeURIComponent(entries)}`,
    });
    await Deno.writeTextFile(importMap, map);
    const start = new URL("src/hub/life/start_hub.ts", PROJECT).href;
    const program = `import { startHub } from ${JSON.stringify(start)};
      console.log(startHub().failure());`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    await using child = ChildProgram.deno(url, { importMap });
    assertStringIncludes(await child.output(), `Module not found "${file}", bundle the program`);
  } finally {
    await Deno.remove(importMap);
  }
});

Deno.test("single allowed ports are found in the range", async () => {
  using ports = PortBlock.claim(3);
  await using child = ChildProgram.deno(ONLY_LOGS, {
    args: ["stay"],
    allow: [`--allow-net=127.0.0.1:${ports.first + 1}`, "--allow-read", "--allow-env"],
    env: { LOGDIAL_PORTS: ports.text },
  });
  await child.until(`Setup logging server on port ${ports.first + 1}`);
  const ack = await sendConfig(ports.first + 1, taggedConfig("ONE", "ERROR"));
  assertEquals(ack.status, "applied");
});

Deno.test("LOGDIAL_PORTS that cannot be read is told, and the program logs", async (t) => {
  for (const text of ["nine", "9001-", "-", "9002-9001", "70000"]) {
    await t.step(text, async () => {
      await using child = ChildProgram.deno(ONLY_LOGS, { env: { LOGDIAL_PORTS: text } });
      await child.output();
      assertEquals(child.stdout.matching("logged").length, 3);
      assertEquals(child.stderr.lines.length, 1);
      assert(/Cannot (?:read LOGDIAL_PORTS|listen on port)/.test(child.stderr.lines[0]!));
    });
  }
});

Deno.test("listen: any free port, which stopListening frees at once", async () => {
  using ports = PortBlock.claim(1);
  const args = ["stop", String(ports.first)];
  await using child = ChildProgram.deno("tests/fixtures/listens.ts", { args });
  await child.output();
  const [first, ...rest] = child.stdout.lines;
  assert(/^port \d+ served by hub$/.test(first!), first);
  assertEquals(rest, ["INFO:root:logged", "the same port 10 times"]);
});
