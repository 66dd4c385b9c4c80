import { assert, assertEquals } from "@std/assert";
import { findPython } from "../harness/python.ts";
import { FaultProgram, LINES } from "./fault_program.ts";
import { MAIN, WORKER } from "./fault_task.ts";
import { isRing, PIPE_KINDS } from "./handler_kinds.ts";
import { HeldPipe } from "./held_pipe.ts";
import { assertNothingLost, countLines } from "./numbered_lines.ts";

/** How long the reader of a pipe is away. */
const STALL_MS = 3000;

/** What a pipe takes whole or not at all. */
const PIPE_BUF = 4096;

/** Starts a program whose stdout does not block, as some terminals and servers leave it. */
const NON_BLOCKING = `
import fcntl, os, sys
fd = os.open(sys.argv[1], os.O_WRONLY)
fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
os.dup2(fd, 1)
os.execvp(sys.argv[2], sys.argv[2:])
`;

for (const handler of PIPE_KINDS) {
  Deno.test(`a reader that stalls for 3 s loses no line: ${handler}`, async () => {
    await using pipe = await HeldPipe.make();
    await using program = new FaultProgram({ handler, worker: "close", stdout: pipe.path });
    const first = (await pipe.read())!;
    // The stall itself is the fault: nothing else can be waited for.
    await new Promise((resolve) => setTimeout(resolve, STALL_MS));
    const lines = [...first, ...await pipe.readAll()];
    assertEquals((await program.child.end()).code, 0);
    assertNothingLost(lines, { [MAIN]: LINES, [WORKER]: LINES });
  });

  if (isRing(handler)) {
    Deno.test(`while its reader stalls, a thread goes on until its ring is full: ${handler}`, async () => {
      await using pipe = await HeldPipe.make();
      const options = { handler, main: "orders", lines: 100, stdout: pipe.path } as const;
      await using program = new FaultProgram(options);
      await program.untilWritten(MAIN, 100);
      await program.child.tell("enter");
      const entered = await program.child.untilError("in the ring after");
      const total = Number(/after (\d+) lines/.exec(entered)![1]) + LINES;
      // Nobody reads as yet; it is more than a pipe holds, and less than a ring.
      await program.child.tell(`log ${LINES}`);
      await program.untilWritten(MAIN, total);
      await program.child.tell("exit");
      const lines = await pipe.readAll();
      assertEquals((await program.child.end()).code, 0);
      assertNothingLost(lines, { [MAIN]: total });
    });
  }

  Deno.test(`a program whose reader has gone for ever lives: ${handler}`, async () => {
    await using pipe = await HeldPipe.make();
    await using program = new FaultProgram({
      handler,
      main: "orders",
      lines: 100,
      stdout: pipe.path,
    });
    await program.untilWritten(MAIN, 100);
    const lines: string[] = [];
    while (lines.length < 100) lines.push(...(await pipe.read())!);
    await pipe.leave();
    await program.child.tell(`log ${LINES}`);
    await program.untilWritten(MAIN, 100 + LINES);
    await program.child.untilError("its reader has closed it");
    await program.child.tell("log 5");
    await program.untilWritten(MAIN, 105 + LINES);
    await program.child.tell("exit");
    assertEquals((await program.child.end()).code, 0);
    assertNothingLost(lines, { [MAIN]: 100 });
    assertEquals(program.child.stderr.matching("its reader has closed it").length, 1);
    assertEquals(program.child.stderr.matching("Error").length, 0);
  });

  Deno.test(`a stdout that does not block loses no line: ${handler}`, async () => {
    const python = await findPython();
    if (python === undefined) return;
    await using pipe = await HeldPipe.make();
    await using program = new FaultProgram({
      handler,
      worker: "close",
      stdout: pipe.path,
      wrap: [python, "-c", NON_BLOCKING],
      width: 1000,
    });
    const first = (await pipe.read())!;
    await untilStuck(program);
    const lines = [...first, ...await pipe.readAll()];
    assertEquals((await program.child.end()).code, 0);
    assertNothingLost(lines, { [MAIN]: LINES, [WORKER]: LINES }, 1000);
    assertEquals(program.child.stderr.matching("Error").length, 0);
  });

  Deno.test(`lines above 4,096 bytes are whole beside those of other threads: ${handler}`, async () => {
    const width = 10_000, count = 300;
    await using pipe = await HeldPipe.make();
    await using program = new FaultProgram({
      ...{ handler, worker: "close", lines: count, width, stdout: pipe.path },
    });
    const lines = await pipe.readAll();
    assertEquals((await program.child.end()).code, 0);
    assertNothingLost(lines, { [MAIN]: count, [WORKER]: count }, width);
  });

  Deno.test(`lines above 4,096 bytes are torn once per thread there: ${handler}`, async () => {
    const python = await findPython();
    if (python === undefined) return;
    const width = 10_000, count = 300;
    await using pipe = await HeldPipe.make();
    await using program = new FaultProgram({
      // The worker writes its first lines directly: beside the hub's, such long ones may mix.
      ...{ handler, worker: "close", lines: count, width, flushes: true },
      ...{ stdout: pipe.path, wrap: [python, "-c", NON_BLOCKING] },
    });
    const first = (await pipe.read())!;
    await untilStuck(program);
    const { writers, torn } = countLines([...first, ...await pipe.readAll()], width);
    assertEquals((await program.child.end()).code, 0);
    assert(torn.length <= 2, `${torn.length} torn`);
    const missing = [MAIN, WORKER].map((name) => count - writers.get(name)!.whole);
    assertEquals(missing[0]! + missing[1]!, torn.length);
    for (const { doubled, disordered } of writers.values()) {
      assertEquals([doubled, disordered], [0, 0]);
    }
  });
}

/** Waits until nothing more goes into the pipe: it is full, and writing to it is refused. */
async function untilStuck({ child }: FaultProgram): Promise<void> {
  let seen = 0, times = 0;
  await child.eventually("a full pipe", () => {
    const io = Deno.readTextFileSync(`/proc/${child.pid}/io`);
    const bytes = Number(/^wchar: (\d+)/m.exec(io)![1]);
    // Threads that wake each other write a few bytes as well.
    if (bytes - seen < PIPE_BUF) times++;
    else [seen, times] = [bytes, 0];
    return bytes > 65_536 && times > 20 ? true : undefined;
  });
}
