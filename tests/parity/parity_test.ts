import { assertEquals } from "@std/assert";
import { testSeed } from "../harness/python_oracle.ts";
import { compareCases } from "./compare.ts";
import { generateCases } from "./generator.ts";

/** Number of cases, another one with `LOGDIAL_CASES=…` in the environment. */
const count = Number(Deno.env.get("LOGDIAL_CASES") ?? 1000);

Deno.test("random configurations and programs do what they do in CPython", async () => {
  const seed = testSeed();
  const cases = generateCases(seed, count);
  const first = await compareCases(cases);
  if (first === undefined) return;
  // The clock may tick between Python's run and ours: what differs is run once more.
  const again = await compareCases(first.map((difference) => difference.case)) ?? [];
  const differences = again.map(({ number, what }) => ({ number: first[number]!.number, what }));
  const lines = differences.map(({ number, what }) => `case ${number}: ${what}`);
  const hint = `tests/parity/fuzz.ts --seed ${seed} --only ${
    differences[0]?.number
  } shows the first`;
  assertEquals(lines, [], `seed ${seed}, ${hint}`);
});
