import { assertEquals } from "@std/assert";
import { testSeed } from "../config/python_oracle.ts";
import { compareCases } from "./compare.ts";
import { generateCases } from "./generator.ts";

/** Number of cases, another one with `LOGDIAL_CASES=…` in the environment. */
const count = Number(Deno.env.get("LOGDIAL_CASES") ?? 1000);

Deno.test("random configurations and programs do what they do in CPython", async () => {
  const seed = testSeed();
  const differences = await compareCases(generateCases(seed, count));
  if (differences === undefined) return;
  const lines = differences.map(({ number, what }) => `case ${number}: ${what}`);
  const hint = `tests/parity/fuzz.ts --seed ${seed} --only ${
    differences[0]?.number
  } shows the first`;
  assertEquals(lines, [], `seed ${seed}, ${hint}`);
});
