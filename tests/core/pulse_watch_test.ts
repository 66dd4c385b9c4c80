import { assertEquals } from "@std/assert";
import { PulseWatch } from "../../src/core/shared/pulse_watch.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test("a thread is dead whose pulse has stood still for two seconds, but not since the process was stopped", () => {
  let now = 0;
  using _ = replaced(performance, "now", () => now);
  const watch = new PulseWatch(1);
  const lookAt = (time: number, pulse: number) => {
    now = time;
    return watch.isSilent(pulse);
  };
  assertEquals(lookAt(400, 1), false);
  // Stopped, and gone on: the other thread has had no time to beat either.
  assertEquals(lookAt(60_400, 1), false);
  assertEquals(lookAt(60_500, 1), false);
  assertEquals(lookAt(60_600, 2), false, "it beats");
  for (let time = 60_700; time <= 62_600; time += 100) assertEquals(lookAt(time, 2), false);
  assertEquals(lookAt(62_700, 2), true);
  watch.reset();
  assertEquals(lookAt(62_800, 2), false);
  // One that looks seldom finds out as well.
  assertEquals([70, 80, 90].map((seconds) => lookAt(seconds * 1000, 2)), [false, false, true]);
});
