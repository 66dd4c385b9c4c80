import { assertEquals } from "@std/assert";
import { HubSilence } from "../../src/hub/thread/hub_silence.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { replaced } from "../harness/replaced.ts";

/** The time of day at the start, in seconds. */
const DAY = 1_600_000_000;

Deno.test("a hub is silent by the time that has passed, whatever time records are of", () => {
  let passed = 0, day = DAY, reads = 0;
  const board = { heartbeat: 1 };
  using _ = replaced(performance, "now", () => passed * 1000);
  using __ = replaced(Date, "now", () => {
    reads++;
    return (day + passed) * 1000;
  });
  const silence = new HubSilence(board);
  silence.look();
  reads = 0;
  passed = 2.9;
  // Records of now read no clock.
  assertEquals([silence.isDue(DAY + 2.9), reads], [false, 0]);
  const others = [DAY + 100, DAY - 1e6, DAY - 1e6 + 10, NaN, Infinity];
  for (const time of others) assertEquals(silence.isDue(time), false, `${time}`);
  // The time of day is set forward, and back.
  for (day of [DAY + 3600, DAY - 3600]) assertEquals(silence.isDue(day + passed), false);
  passed = 3;
  assertEquals(silence.isDue(day + passed), true);
  assertEquals(silence.look(), true, "it stands still");
  assertEquals(silence.isDue(day + passed), false, "it has just looked");
  board.heartbeat++;
  passed = 7;
  // All of its records are old, and it looks all the same.
  assertEquals(silence.isDue(DAY - 1e6), true);
  assertEquals(silence.look(), false, "it has beaten");
  passed = 7.06;
  assertEquals([silence.isDue(day + passed), silence.isDue(day + passed, 0.05)], [false, true]);
});

Deno.test("who logs lines of an old log starts no hub but the one that there is", async () => {
  await using program = ChildProgram.deno("tests/fixtures/old_lines.ts");
  assertEquals(await program.output(), "hubs: 1");
});
