/**
 * Compares many random cases with CPython:
 *
 *     deno run -A --import-map=deps/npm.json tests/parity/fuzz.ts --count 20000 --seed 1
 *
 * `--only N` runs case N of the seed alone and prints it whole; `--show N` shrinks and
 * prints up to N differences.
 */

import { parseArgs } from "@std/cli/parse-args";
import type { Case } from "./case.ts";
import { compareCases, type Difference } from "./compare.ts";
import { generateCases } from "./generator.ts";
import { shrink } from "./shrink.ts";

const BATCH = 2000;

const args = parseArgs(Deno.args, {
  string: ["count", "seed", "only", "show"],
  default: { count: "20000", seed: String(Date.now() % 1_000_000), show: "5" },
});
const seed = Number(args.seed);
const cases: Case[] = generateCases(seed, args.only ? Number(args.only) + 1 : Number(args.count));
const first = args.only ? Number(args.only) : 0;

const differences: Difference[] = [];
for (let from = first; from < cases.length; from += BATCH) {
  const found = await compareCases(cases.slice(from, from + BATCH));
  if (found === undefined) Deno.exit(0);
  for (const one of found) differences.push({ ...one, number: one.number + from });
}
for (const one of spread(differences, Number(args.show))) {
  const small = await shrink(one);
  console.log(`--- case ${one.number}: ${small.what}`);
  for (const step of small.case.steps) {
    console.log(step.op === "file" ? `file:\n${step.text}` : JSON.stringify(step));
  }
}
console.log(`seed ${seed}: ${cases.length - first} cases, ${differences.length} differ`);
Deno.exit(differences.length > 0 ? 1 : 0);

/** Some from the whole, so that not all show the same fault. */
function spread(all: readonly Difference[], count: number): Difference[] {
  const byKind = Map.groupBy(all, ({ what }) => what.slice(0, 40).replace(/\d+/g, ""));
  const picked: Difference[] = [];
  for (let round = 0; picked.length < Math.min(count, all.length); round++) {
    for (const group of byKind.values()) if (group[round]) picked.push(group[round]!);
  }
  return picked.slice(0, count);
}
