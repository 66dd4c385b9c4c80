import { assert, assertEquals } from "@std/assert";
import { HeldPipe } from "../faults/held_pipe.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { linesOf, REDIRECT } from "../harness/redirect.ts";

const LINES = 10_000;

/** All lines of all threads are there, whole and in their order. */
function assertWhole(lines: readonly string[], threads: readonly string[]): void {
  const seen = new Map(threads.map((name) => [name, 0]));
  for (const line of lines) {
    const name = line.split(" ", 1)[0]!;
    if (line === `${name} warm` || line === "heard") continue;
    const next = seen.get(name);
    const expected = `${name} ${next} ${"x".repeat(next! % 200)}`;
    // It tells at length what differs, which takes its time for each of so many lines.
    if (line !== expected) assertEquals(line, expected);
    seen.set(name, next! + 1);
  }
  for (const [name, count] of seen) assertEquals(count, LINES, `lines of ${name}`);
}

/** Where the lines go: to a file, threads write themselves by turns with the hub. */
const SINKS = ["pipe", "file"] as const;

/** What a program is at when a signal comes; each signal does the same with either. */
const SIGNALS = {
  pipe: [["SIGTERM", "busy"], ["SIGINT", "idle"], ["SIGHUP", "busy"], ["SIGUSR2", "idle"]],
  file: [["SIGTERM", "idle"], ["SIGTERM", "busy"]],
} as const;

interface Run {
  readonly lines: readonly string[];
  readonly child: ChildProgram;
}

/** Runs a program to its end; `meanwhile` may do something to it. */
async function run(
  sink: typeof SINKS[number],
  args: readonly string[],
  meanwhile?: (child: ChildProgram) => Promise<void>,
): Promise<Run> {
  const path = Deno.makeTempFileSync({ prefix: "logdial_ring_" });
  try {
    await using child = ChildProgram.deno("tests/fixtures/ring.ts", {
      args: [String(LINES), ...args],
      allow: ["--allow-read"],
      wrap: sink === "file" ? [...REDIRECT, path] : [],
    });
    await meanwhile?.(child);
    await child.end();
    const lines = sink === "file" ? linesOf(path) : child.stdout.lines;
    return { lines, child };
  } finally {
    Deno.removeSync(path);
  }
}

// How else a program can end is in `faults/program_end_test.ts`.
for (const end of ["process.exit", "throw later"]) {
  Deno.test(`no line in a ring is lost when the program ends: ${end}`, async () => {
    const { lines, child } = await run("pipe", [end]);
    assertWhole(lines, ["main"]);
    assertEquals((await child.ended).code, end === "throw later" ? 1 : 0);
  });
}

for (const kind of ["deno", "node"]) {
  Deno.test(`a program that listens to a signal hears it once: ${kind}`, async () => {
    const { lines, child } = await run("pipe", [`own ${kind} listener`], async (child) => {
      await child.untilError("logged");
      child.signal("SIGTERM");
    });
    assertEquals((await child.ended).code, 7);
    assertWhole(lines, ["main"]);
    assertEquals(lines.filter((line) => line === "heard"), ["heard"]);
  });
}

for (const sink of SINKS) {
  for (const end of ["flush", "shutdown"]) {
    Deno.test(`all is written after ${end}: SIGKILL takes nothing, ${sink}`, async () => {
      const { lines, child } = await run(sink, [end]);
      assertWhole(lines, ["main"]);
      assertEquals(child.stderr.lines, ["written"]);
      assertEquals((await child.ended).signal, "SIGKILL");
    });
  }

  Deno.test(`flush waits for the rings of all threads: SIGKILL takes nothing, ${sink}`, async () => {
    const { lines, child } = await run(sink, ["flush", "3"]);
    assertWhole(lines, ["1", "2", "3"]);
    assertEquals((await child.ended).signal, "SIGKILL");
  });

  Deno.test(`no line of workers is lost that are ended, or end themselves, ${sink}`, async () => {
    const { lines } = await run(sink, ["workers' ends", "4"]);
    assertWhole(lines, ["1", "2", "3", "4"]);
  });

  Deno.test(`no line of workers is lost when main exits, ${sink}`, async () => {
    const { lines } = await run(sink, ["exit", "3"]);
    assertWhole(lines, ["1", "2", "3"]);
  });

  for (const [signal, main] of SIGNALS[sink]) {
    Deno.test(`${signal} ends a program that is ${main}, with all written: ${sink}`, async () => {
      const { lines, child } = await run(sink, [main], async (child) => {
        await child.untilError("logged");
        child.signal(signal);
      });
      assertEquals((await child.ended).signal, signal);
      assertWhole(lines, ["main"]);
    });
  }

  // Into a pipe they go in pieces, between which threads that start write directly.
  const threads = sink === "file" ? ["1", "2", "3"] : [];
  Deno.test(`lines longer than a piece, than half a ring and than a ring: ${sink}`, async () => {
    const { lines } = await run(sink, ["long", String(threads.length)]);
    const lengths = [10, 5000, 4095, 4096, 100_000, 300_000, 3, 2_000_000, 7];
    const expected = Array.from({ length: 60 }, (_, number) => [
      "xä€"[number % 3],
      lengths[number % 9],
    ]);
    for (const name of threads.length === 0 ? ["main"] : threads) {
      const own = lines.filter((line) => line.startsWith(`${name} `) && !line.endsWith("warm"));
      const texts = own.map((line) => line.slice(name.length + 1));
      assertEquals(texts.map((text) => [text[0], text.length]), expected);
    }
  });
}

const WAITING = "what is logged while a signal waits for the reader of another stream is kept";

Deno.test(WAITING, () => keepWhileWaiting("SIGTERM"));

// `deno task` passes a Ctrl-C on that the terminal has sent to the program, too. Two signals of one
// kind could be merged into one on their way.
Deno.test(`${WAITING}, though another one follows at once`, () => {
  return keepWhileWaiting("SIGINT", "SIGHUP");
});

async function keepWhileWaiting(...signals: Deno.Signal[]): Promise<void> {
  await using stderr = await HeldPipe.make();
  const path = Deno.makeTempFileSync({ prefix: "logdial_ring_" });
  await using child = ChildProgram.deno("tests/fixtures/ring_scenes.ts", {
    args: ["two streams", path],
    wrap: ["sh", "-c", 'err=$1; shift; exec "$@" 2>"$err"', "sh", stderr.path],
  });
  const logged = () => Number(Deno.readTextFileSync(path));
  const until = (count: number) =>
    child.eventually(`${count} lines`, () => logged() >= count || undefined);
  await until(20);
  for (const signal of signals) child.signal(signal);
  // Its thread would ask for the hub once more.
  await until(logged() + 20_000);
  await stderr.readAll();
  assert(signals.includes((await child.end()).signal!));
  assertNumbers(child.stdout.lines, logged());
  Deno.removeSync(path);
}

for (const how of ["unload", "error"]) {
  Deno.test(`what a worker logs while main is slow to end is kept: ${how}`, async () => {
    const path = Deno.makeTempFileSync({ prefix: "logdial_ring_" });
    await using child = ChildProgram.deno("tests/fixtures/ring_scenes.ts", {
      args: [`slow ${how}`, path],
    });
    assertEquals((await child.end()).code, how === "unload" ? 3 : 1);
    assertNumbers(child.stdout.lines, Number(Deno.readTextFileSync(path)));
    Deno.removeSync(path);
  });
}

/** All numbers are there, and no fewer than that. */
function assertNumbers(all: readonly string[], count: number): void {
  const lines = all.filter((line) => line !== "warm");
  lines.forEach((line, at) => line === `${at}` || assertEquals(line, `${at}`));
  assert(lines.length >= count, `${lines.length} of ${count} lines`);
}
