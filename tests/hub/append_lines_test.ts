import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { appendLines, appendLinesSync } from "../../src/hub/dump/append_lines.ts";
import { onSmallDisk } from "../harness/small_disk.ts";

const LINES = Array.from({ length: 3000 }, (_, at) => `line ${at} ${"é".repeat(at % 50)}`);

/** Lines of a file, the last of which must be whole. */
function wholeLines(path: string): string[] {
  const text = Deno.readTextFileSync(path);
  assertEquals(text.at(-1), "\n", "a torn line");
  return text.split("\n").slice(0, -1);
}

Deno.test("lines are added behind what is there, and only the user can read a new file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "logdial_lines_" });
  try {
    const path = `${folder}/lines`;
    await appendLines(path, LINES);
    appendLinesSync(path, ["more"]);
    await appendLines(path, ["and more"]);
    assertEquals(wholeLines(path), [...LINES, "more", "and more"]);
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a full disk has whole lines only, so that those of the next dump can be read", async () => {
  await onSmallDisk(async (folder) => {
    const full = Deno.build.os === "linux" ? "No space left" : undefined;
    await assertRejects(() => appendLines(`${folder}/a`, LINES), Error, full);
    const kept = wholeLines(`${folder}/a`);
    assert(kept.length > 100);
    assertEquals(kept, LINES.slice(0, kept.length));
    Deno.removeSync(`${folder}/a`);
    assertThrows(() => appendLinesSync(`${folder}/b`, LINES), Error, full);
    assertEquals(wholeLines(`${folder}/b`), LINES.slice(0, kept.length));
  });
});

Deno.test("a pipe that nobody reads is given up", async () => {
  const folder = await Deno.makeTempDir({ prefix: "logdial_lines_" });
  try {
    const path = `${folder}/pipe`;
    const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
    assert(success);
    const { TimedOut } = Deno.errors;
    await assertRejects(() => appendLines(path, LINES, 20), TimedOut, "it took nothing for 0.02 s");
    // The thread that opens it waits until somebody does.
    const reader = await Deno.open(path, { read: true });
    reader.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
