/**
 * Soak test: `deno task soak`, see `--help`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { formatReport } from "./report.ts";
import { checkRotation } from "./rotation.ts";
import { soakValues } from "../values/soak.ts";
import { Soak } from "./soak.ts";

const HELP = `Runs a program of 28 threads under random changes, misbehaving clients, tails, and
workers that come and go; counts its lines and compares what is acknowledged with what happens.

With "rotation" it checks instead when files are put aside by time: every schedule over two years
of fifteen time zones, and real files through each change of the clock. It takes some minutes.
With "values" it makes log calls instead, in one process: 100,000 lines of JSON of hostile values,
20,000 calls through handlers, filters and formatters that fail.

Usage: deno task soak [rotation | values] [options]

  --minutes N   how long (default 5); not for rotation and values, which end by themselves
  --seed N      what is random is the same for the same seed (default: another one each time)
  --help        this text

Exit status: 0 if all promises were kept, 1 if not, 2 for a wrong option.
`;

/** What may be checked instead. */
const INSTEAD = new Set(["rotation", "values"]);

async function main(): Promise<number> {
  const flags: Record<string, unknown> = parseArgs([...Deno.args], {
    boolean: ["help"],
    string: ["minutes", "seed"],
    alias: { h: "help" },
    unknown: (flag: string) => INSTEAD.has(flag) || fail(`Unknown option "${flag}"`),
  });
  if (flags.help) {
    console.log(HELP);
    return 0;
  }
  const minutes = readNumber("minutes", flags.minutes, 5);
  const seed = Math.floor(readNumber("seed", flags.seed, 1 + Math.floor(Math.random() * 1e6)));
  if (Deno.args.includes("rotation")) return await soakRotation(seed);
  if (Deno.args.includes("values")) return await soakValues(seed);
  console.error(`Soaking for ${minutes} minutes, seed ${seed}`);
  const report = await Soak.run({ seconds: minutes * 60, seed, onProgress });
  console.log(formatReport(report));
  return report.violations.count === 0 ? 0 : 1;
}

async function soakRotation(seed: number): Promise<number> {
  console.error(`Rolling over, seed ${seed}`);
  const violations = await checkRotation({ seed, onZone: (text) => console.log(text) });
  for (const violation of violations) console.log(violation);
  console.log(violations.length === 0 ? "No violations" : `${violations.length} violations`);
  return violations.length === 0 ? 0 : 1;
}

function onProgress(text: string): void {
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

function readNumber(name: string, value: unknown, other: number): number {
  if (value === undefined) return other;
  const number = Number(value);
  return number > 0 ? number : fail(`Cannot use --${name} ${value}: it must be a number above 0`);
}

function fail(message: string): never {
  console.error(message);
  Deno.exit(2);
}

Deno.exit(await main());
