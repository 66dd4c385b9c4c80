import { assertEquals, assertMatch } from "@std/assert";
import { permissionFlag } from "../../src/core/io/permission_flag.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { within } from "../harness/deadline.ts";
import { packageMap } from "../harness/package_map.ts";
import { LineReader } from "../harness/line_reader.ts";
import { PortBlock } from "../harness/port_block.ts";
import { importFlags, PROJECT, projectPath } from "../harness/project.ts";
import { runDeno } from "../harness/run_deno.ts";
import { say } from "../harness/raw_peer.ts";

const READ = ["--allow-read"];

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, number) => String(number));
}

for (const then of ["end", "flush", "again"]) {
  Deno.test(`a hub that is killed loses no line and writes none twice: ${then}`, async () => {
    await using child = ChildProgram.deno("tests/fixtures/ring_hub.ts", {
      args: [then],
      allow: READ,
    });
    assertEquals((await child.end()).code, 0, child.stderr.lines.join("\n"));
    const lines = child.stdout.lines.filter((line) => line !== "warm");
    assertEquals(
      lines.filter((line) => line.startsWith("main")),
      numbers(20_000).map((number) => `main ${number} ${"x".repeat(Number(number) % 200)}`),
    );
    const after = then === "again" ? ["in the ring of another hub"] : [];
    assertEquals(lines.filter((line) => !line.startsWith("main")), after);
  });
}

/** A program that logs more than fits into ring and pipe, and whose stdout nobody reads yet. */
async function stalled(
  ports: PortBlock,
): Promise<{ child: Deno.ChildProcess; stderr: LineReader }> {
  const path = projectPath("tests/fixtures/ring_scenes.ts");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...importFlags(), "-A", path, "stalled", `${ports.first}`],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new LineReader(child.stderr);
  await within(stderr.until("logging"), () => "the program to log");
  return { child, stderr };
}

Deno.test("while nobody reads stdout, the program waits and its port answers", async () => {
  using ports = PortBlock.claim(1);
  const { child } = await stalled(ports);
  await using _ = child;
  for (let round = 0; round < 3; round++) {
    const answer = await say(ports.first, new TextEncoder().encode("?\n"));
    assertMatch(answer, /"name":"MainProcess"/);
  }
  const stdout = new LineReader(child.stdout);
  assertEquals((await within(child.status, () => "the end of the program")).code, 0);
  await stdout.ended;
  assertEquals(
    stdout.lines.filter((line) => line !== "warm").map((line) => line.split(" ")[0]),
    numbers(30_000),
  );
});

Deno.test("a program whose reader has gone lives on, and says so once", async () => {
  using ports = PortBlock.claim(1);
  const { child, stderr } = await stalled(ports);
  await using _ = child;
  await child.stdout.cancel();
  assertEquals((await within(child.status, () => "the end of the program")).code, 0);
  await stderr.ended;
  assertEquals(stderr.lines, [
    "logging",
    "logdial: cannot write to <stdout>: its reader has closed it; " +
    "lines for it are dropped from here on",
  ]);
});

Deno.test("handlers that come and go keep lines in order", async () => {
  await using child = ChildProgram.deno("tests/fixtures/ring_scenes.ts", {
    args: ["reconfigured"],
    allow: READ,
  });
  await child.output();
  assertEquals(child.stdout.lines, numbers(20_000));
});

Deno.test("a ring leaves nothing behind in the test that is the first to make one", async () => {
  const file = await Deno.makeTempFile({ suffix: "_test.ts" });
  try {
    await Deno.writeTextFile(
      file,
      `import { flush, getLogger, RingHandler } from "${import.meta.resolve("../../mod.ts")}";
      Deno.test("sanitized", { sanitizeOps: true, sanitizeResources: true }, async () => {
        const handler = new RingHandler(Deno.stdout);
        getLogger().addHandler(handler);
        getLogger().warning("a line");
        await flush();
        getLogger().removeHandler(handler);
        handler.close();
      });`,
    );
    assertMatch(
      await runDeno("test", "--no-check", "-A", ...importFlags(), file),
      /sanitized \.\.\. .*ok/,
    );
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a bundle that is no ES module, and so has no import.meta.url, logs and listens all the same", async () => {
  const importMap = await Deno.makeTempFile({ suffix: ".json" });
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const { imports } = JSON.parse(packageMap(new URL("deps/", PROJECT).href));
    const entries = ["hubEntry", "pipeThreadEntry", "entriesFolder"].map((name) =>
      `export const ${name} = () => new URL("./x.js", undefined);`
    );
    imports[new URL("src/hub/board/thread_entries.ts", PROJECT).href] = `data:text/javascript,${
      encodeURIComponent(entries.join("\n"))
    }`;
    await Deno.writeTextFile(importMap, JSON.stringify({ imports }));
    await Deno.writeTextFile(
      file,
      `import { flush, getLogger, listen, RingHandler } from "${
        import.meta.resolve("../../mod.ts")
      }";
      getLogger().addHandler(new RingHandler(Deno.stdout));
      getLogger().warning("%s", (await listen(0)).port > 0 ? "listens" : "is deaf");
      await new Promise((resolve) => setTimeout(resolve));
      await flush();
      getLogger().warning("goes on");`,
    );
    const args = ["run", "--no-check", "-A", `--import-map=${importMap}`, file];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    const told = new TextDecoder().decode(stderr);
    assertEquals([code, new TextDecoder().decode(stdout)], [0, "listens\ngoes on\n"], told);
    assertMatch(told, /RingHandler writes line by line, .* is no ES module, .*bundle it as one/);
  } finally {
    await Deno.remove(importMap);
    await Deno.remove(file);
  }
});

Deno.test("a program that handles its error logs on, and through a ring again", async () => {
  await using child = ChildProgram.deno("tests/fixtures/ring_scenes.ts", {
    args: ["survives"],
    allow: READ,
  });
  await child.output();
  assertEquals(child.stdout.lines.filter((line) => line !== "warm"), numbers(3000));
  assertEquals(child.stderr.lines, ["left", "in a ring again"]);
});

Deno.test("without the permission for a hub, lines are written directly, which is said once", async () => {
  await using child = ChildProgram.deno("tests/fixtures/ring_scenes.ts", {
    args: ["direct"],
    allow: [],
  });
  await child.output();
  assertEquals(child.stdout.lines, numbers(201));
  assertEquals(child.stderr.lines, [
    "logdial: RingHandler writes line by line, there is no hub thread: it may not be loaded, " +
    `add ${permissionFlag("read", projectPath("."))}`,
  ]);
});
