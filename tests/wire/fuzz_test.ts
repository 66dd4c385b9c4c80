import { assert, assertEquals } from "@std/assert";
import { fuzz } from "./fuzz.ts";

// `deno run -A tests/wire/fuzz.ts --count 100000` does it at full length.
Deno.test("random and mutated frames harm nothing", async () => {
  const report = await fuzz({ seed: 20260101, count: 100_000, milliseconds: 10_000 });
  const { sent, answers, memory: [early, late], complaints, left } = report;
  assertEquals([complaints, left], [[], []]);
  assert(sent > 1000, `${sent} sent`);
  assert(late - early < 80, `grown from ${early} to ${late} MiB`);
  for (const kind of ["rejected", "applied", "status"]) assert(answers[kind]! > 0, kind);
  assertEquals(answers.unknown, undefined);
});
