import { assert, assertEquals } from "@std/assert";
import { linesOf } from "../harness/redirect.ts";
import { fillDisk, onSmallDisk } from "../harness/small_disk.ts";
import { FaultProgram, LINES } from "./fault_program.ts";
import { type HandlerKind, MAIN } from "./fault_task.ts";
import { HANDLER_KINDS } from "./handler_kinds.ts";
import { assertNothingLost, countLines } from "./numbered_lines.ts";

/** Lines that find the disk full. */
const MORE = 1000;
/** KiB, enough for all the lines. */
const DISK = 1024;

for (const handler of HANDLER_KINDS) {
  Deno.test(`a full disk tears no line, and what it takes is told: ${handler}`, async () => {
    await onSmallDisk(async (disk) => {
      const out = `${disk}/app.log`;
      await using program = start(handler, out);
      await program.untilWritten();
      await program.flush();
      fillDisk(disk);
      await program.logMore(MORE, LINES + MORE);
      Deno.removeSync(`${disk}/ballast`);
      await program.logMore(MORE, LINES + 2 * MORE);
      await program.exit();

      const lines = linesOf(out);
      assertNothingLost(lines.slice(0, LINES), { [MAIN]: LINES });
      const { torn, writers } = countLines(lines);
      assertEquals(torn, []);
      const { lost, doubled, disordered } = writers.get(MAIN)!;
      assertEquals([doubled, disordered], [0, 0]);
      assert(lost > 0 && lost <= MORE, `${lost} lost`);
      checkTold(handler, program.child.stderr.lines, lost);
    }, DISK);
  });

  Deno.test(`a file that is removed under the program loses no line: ${handler}`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "logdial_removed_" });
    try {
      const out = `${folder}/app.log`, kept = `${folder}/kept.log`;
      await using program = start(handler, out);
      await program.untilWritten();
      Deno.linkSync(out, kept);
      Deno.removeSync(out);
      await program.logMore(LINES, 2 * LINES);
      await program.exit();
      assertNothingLost(linesOf(kept), { [MAIN]: 2 * LINES });
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["kept.log"]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

Deno.test("a file that is removed under the program is made anew: WatchedFileHandler", async () => {
  await using program = new FaultProgram({
    handler: "file",
    file: "handlers.WatchedFileHandler",
    main: "orders",
  });
  await program.untilWritten();
  const kept = `${program.folder}/kept.log`;
  Deno.linkSync(program.path, kept);
  Deno.removeSync(program.path);
  await program.logMore(LINES, 2 * LINES);
  await program.exit();
  assertNothingLost(linesOf(kept), { [MAIN]: LINES });
  assertNothingLost([...linesOf(kept), ...linesOf(program.path)], { [MAIN]: 2 * LINES });
});

/** Starts a program that writes to that file, by its handler or by its stdout. */
function start(handler: HandlerKind, out: string): FaultProgram {
  const where = handler === "file" ? { path: out } : { stdout: out };
  return new FaultProgram({ handler, main: "orders", ...where });
}

/** Of a line that was torn the rest came with the next one. */
function checkTold(handler: HandlerKind, stderr: readonly string[], lost: number): void {
  const each = stderr.filter((line) => line === "--- Logging error ---").length;
  if (handler === "direct") {
    assert(each === lost || each === lost + 1, `${lost} lost, ${each} told`);
    return;
  }
  if (handler === "file") {
    const counts = stderr.flatMap((line) => / (\d+) could not be written$/.exec(line)?.[1] ?? []);
    assertEquals(counts, [String(lost)]);
    assertEquals(each, 1, stderr.join("\n"));
    return;
  }
  // Of lines that the thread writes itself, since there is no hub yet, each is told.
  const together = stderr.filter((line) => /^logdial: cannot write to .*No space left/.test(line));
  if (each < lost) assertEquals(together.length, 1, stderr.join("\n"));
  else assert(each <= lost + 1 && together.length <= 1, `${lost} lost, ${each} told`);
}
