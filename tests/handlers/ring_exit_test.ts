import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";

const LINES = 10_000;

/** All lines of all threads are there, whole and in their order. */
function assertWhole(lines: readonly string[], threads: readonly string[]): void {
  const seen = new Map(threads.map((name) => [name, 0]));
  for (const line of lines) {
    const [name = "", number, filling] = line.split(" ");
    if (number === "warm" || line === "heard") continue;
    const next = seen.get(name);
    assertEquals(
      [Number(number), filling],
      [next, "x".repeat(next! % 200)],
      `after ${name} ${next}`,
    );
    seen.set(name, next! + 1);
  }
  for (const [name, count] of seen) assertEquals(count, LINES, `lines of ${name}`);
}

async function run(...args: string[]): Promise<ChildProgram> {
  await using child = ChildProgram.deno("tests/fixtures/ring.ts", {
    args: [String(LINES), ...args],
    allow: ["--allow-read"],
  });
  await child.end();
  return child;
}

for (const end of ["normal", "exit", "process.exit", "throw", "throw later", "reject"]) {
  Deno.test(`no line in a ring is lost when the program ends: ${end}`, async () => {
    const { stdout, ended } = await run(end);
    assertWhole(stdout.lines, ["main"]);
    assertEquals((await ended).code, /throw|reject/.test(end) ? 1 : 0);
  });
}

for (const end of ["flush", "shutdown"]) {
  Deno.test(`all is written after ${end}: SIGKILL takes nothing`, async () => {
    const { stdout, stderr, ended } = await run(end);
    assertWhole(stdout.lines, ["main"]);
    assertEquals(stderr.lines, ["written"]);
    assertEquals((await ended).signal, "SIGKILL");
  });
}

for (const end of ["terminate", "close", "exit-in-worker", "throw-in-worker"]) {
  Deno.test(`no line of a worker that ends is lost: ${end}`, async () => {
    const { stdout } = await run(end, "3");
    assertWhole(stdout.lines, ["1", "2", "3"]);
  });
}

Deno.test("Deno.exit loses no line that a worker has logged", async () => {
  const { stdout } = await run("exit", "3");
  assertWhole(stdout.lines, ["1", "2", "3"]);
});

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  for (const main of ["idle", "busy"]) {
    Deno.test(`${signal} ends a program whose main thread is ${main}, with all written`, async () => {
      await using child = ChildProgram.deno("tests/fixtures/ring.ts", {
        args: [String(LINES), main],
        allow: ["--allow-read"],
      });
      await child.untilError("logged");
      child.signal(signal);
      assertEquals((await child.end()).signal, signal);
      assertWhole(child.stdout.lines, ["main"]);
    });
  }
}

for (const kind of ["deno", "node"]) {
  Deno.test(`a program that listens to a signal hears it once: ${kind}`, async () => {
    await using child = ChildProgram.deno("tests/fixtures/ring.ts", {
      args: [String(LINES), `own ${kind} listener`],
    });
    await child.untilError("logged");
    child.signal("SIGTERM");
    assertEquals((await child.end()).code, 7);
    assertWhole(child.stdout.lines, ["main"]);
    assertEquals(child.stdout.matching("heard"), ["heard"]);
  });
}
