import { CALLS, LINES } from "./sizes.ts";
import { sweepCalls } from "./sweep_calls.ts";
import { type Fault, sweepLines } from "./sweep_lines.ts";

/** `deno task soak values`: both sweeps whole; returns the exit status. */
export async function soakValues(seed: number): Promise<number> {
  console.error(`${LINES} lines and ${CALLS} calls of hostile values, seed ${seed}`);
  const isFine = [
    report("lines", sweepLines(seed, LINES)),
    report("calls", await sweepCalls(seed, CALLS)),
  ];
  return isFine.includes(false) ? 1 : 0;
}

function report(what: string, faults: readonly Fault[]): boolean {
  console.log(`${what}: ${faults.length === 0 ? "all promises kept" : `${faults.length} broken`}`);
  for (const { number, what } of faults.slice(0, 50)) console.log(`  ${number}: ${what}`);
  return faults.length === 0;
}
