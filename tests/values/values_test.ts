import { assertEquals } from "@std/assert";
import { sweepCalls } from "./sweep_calls.ts";
import { CALLS, LINES } from "./sizes.ts";
import { sweepLines } from "./sweep_lines.ts";

Deno.test("a fiftieth of the hostile values: every line of JSON parses, and nothing is left out", () => {
  assertEquals(sweepLines(1, LINES / 50), []);
});

Deno.test("a fiftieth of the hostile calls: none throws, none ends the program, all is told", async () => {
  assertEquals(await sweepCalls(1, CALLS / 50), []);
});
