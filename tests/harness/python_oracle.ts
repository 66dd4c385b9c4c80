/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to but without 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 up to but without `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  pick<T>(items: ArrayLike<T>): T {
    return items[this.below(items.length)] as T;
  }

  /** An integer of any size, of which some are too large for a number. */
  integer(): number | bigint {
    const sign = this.chance(0.3) ? -1 : 1;
    if (this.chance(0.1)) return BigInt(sign) * BigInt(this.below(2 ** 32)) ** 4n;
    return sign * this.below(10 ** this.below(16)) || 0;
  }
}

/** The seed of a differential test, another one with `LOGDIAL_SEED=…` in the environment. */
export function testSeed(): number {
  try {
    return Number(Deno.env.get("LOGDIAL_SEED") ?? 20240611);
  } catch {
    return 20240611; // No permission to read it.
  }
}

/**
 * Runs a Python program that reads JSON from stdin and prints JSON.
 *
 * @returns `undefined` after saying so if there is no Python 3.11 to compare with.
 */
export async function askPython(
  program: string,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const guard = "import sys\nif sys.version_info[:2] != (3, 11): print('null'); sys.exit()\n";
  try {
    const child = new Deno.Command("python3", {
      args: ["-I", "-W", "ignore", "-c", guard + program],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const output = child.output();
    await new Blob([JSON.stringify(input)]).stream().pipeTo(child.stdin)
      .catch(() => {}); // Another version does not read it.
    const { success, stdout } = await output;
    if (!success) throw new Error("the Python program failed, see above");
    const answer = JSON.parse(new TextDecoder().decode(stdout));
    if (answer !== null) return answer;
  } catch (error) {
    if (
      !(error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotCapable)
    ) throw error;
  }
  console.log("skipped: no python3 of version 3.11 to compare with");
  return undefined;
}

/** Tells Python apart what JSON does not: int from float, NaN, -0. */
export function encodeForPython(value: unknown): unknown {
  if (typeof value === "bigint") return { __int__: String(value) };
  if (typeof value === "number") {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
    return { __float__: Object.is(value, -0) ? "-0.0" : String(value).replace("Infinity", "inf") };
  }
  if (Array.isArray(value)) return value.map(encodeForPython);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, encodeForPython(item)]),
  );
}

/** Part of a Python program: `decode` gives what {@linkcode encodeForPython} was given. */
export const DECODE_PYTHON = `def decode(v):
    if isinstance(v, list): return [decode(x) for x in v]
    if isinstance(v, dict):
        if '__int__' in v: return int(v['__int__'])
        if '__float__' in v: return float(v['__float__'])
        return {k: decode(x) for k, x in v.items()}
    return v`;
