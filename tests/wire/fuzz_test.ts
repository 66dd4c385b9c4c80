import { assert, assertEquals } from "@std/assert";
import { fuzz } from "./fuzz.ts";

// `deno run -A tests/wire/fuzz.ts --count 100000` does it at full length.
Deno.test("random and mutated frames harm nothing", async () => {
  const count = 2000;
  const report = await fuzz({ seed: 20260101, count, milliseconds: 600_000 });
  const { sent, answers, memory, complaints, left } = report;
  assertEquals([complaints, left], [[], []]);
  assert(sent >= count, `${sent} sent`);
  // It is at about 250 MiB after a run at full length, most of it early.
  assert(memory.at(-1)! < 300, `grown: ${memory.join()} MiB`);
  for (const kind of ["rejected", "applied", "status"]) assert(answers[kind]! > 0, kind);
  assertEquals(answers.unknown, undefined);
});
