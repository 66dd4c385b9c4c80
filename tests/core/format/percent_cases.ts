import { DECODE_PYTHON, Random } from "../../harness/python_oracle.ts";

/** What formatting gave: the text, or the name and message of the error. */
export type Outcome = string | [name: string, message: string];

/** A format, and what goes into it. */
export interface PercentCase {
  readonly format: string;
  readonly args: readonly unknown[];
}

/** What formatting gives. */
export function outcome(run: () => string): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [error.name, error.message];
  }
}

/** Formats by CPython. */
export const PERCENT_PROGRAM = `
import json, sys
${DECODE_PYTHON}
def run(format, args):
    args = tuple(decode(args))
    if len(args) == 1 and isinstance(args[0], dict) and args[0]: args = args[0]
    try: return format % args
    except Exception as e: return [type(e).__name__, str(e)]
cases = json.load(sys.stdin)
print(json.dumps([run(*c) for c in cases]))
`;

const TEXTS = [
  "",
  "a",
  "abc",
  "it's",
  '"q"',
  "'\"",
  "a\n\t\\",
  "é",
  "😀x😀",
  "\x00\x7f\xa0",
  "$&",
  "%s",
];
const KEYS = ["a", "b", "key", "a(b)", "é"];

/** Random cases. */
export class PercentCases extends Random {
  case(): PercentCase {
    return this.chance(0.25) ? this.#soup() : this.#wellFormed();
  }

  /** Characters in any order: mostly errors. */
  #soup(): PercentCase {
    let format = "";
    while (this.chance(0.85)) format += this.pick("%%%%%()sdfgxcra*.15 -+#0hlqé😀i");
    // Widths of any size would only fill the memory.
    format = format.replaceAll(/\d{3,}/g, (digits) => digits.slice(0, 2));
    const star = format.includes("*");
    const args = Array.from(
      { length: this.below(4) },
      () => star ? this.pick<unknown>(["a", 1.5, 7, -3, [1]]) : this.#value(this.pick("sd")),
    );
    return { format, args: !star && this.chance(0.3) ? [this.#mapping()] : args };
  }

  #wellFormed(): PercentCase {
    const mapping = this.chance(0.3) ? this.#mapping() : undefined;
    const args: unknown[] = [];
    let format = "";
    for (let i = this.below(4); i >= 0; i--) {
      const conversion = this.pick("sssdddiuoxXeEfFgGcra");
      format += this.pick(["", " ", "é", "%%", "😀", "$&"]) + "%";
      if (mapping !== undefined) {
        const key = KEYS[i]!;
        format += `(${key})`;
        mapping[key] = this.#value(conversion);
      }
      while (this.chance(0.3)) format += this.pick("#0- +");
      if (this.chance(0.4)) format += this.#number(args, mapping === undefined, 24);
      if (this.chance(0.4)) format += "." + this.#number(args, mapping === undefined, 20);
      if (this.chance(0.1)) format += this.pick("hlL");
      format += conversion;
      args.push(this.#value(conversion));
    }
    if (mapping !== undefined) return { format, args: [mapping] };
    if (this.chance(0.05)) args.pop();
    if (this.chance(0.05)) args.push(1);
    return { format, args };
  }

  #number(args: unknown[], star: boolean, limit: number): string {
    if (!star || this.chance(0.7)) return String(this.below(this.chance(0.03) ? 200 : limit));
    args.push(this.chance(0.1) ? this.pick<unknown>(TEXTS) : this.below(2 * limit) - limit);
    return "*";
  }

  #mapping(): Record<string, unknown> {
    return { [this.pick(KEYS)]: this.#value(this.pick("sd")) };
  }

  #value(conversion: string): unknown {
    if (this.chance(0.04)) return this.pick<unknown>(["text", 1.5, 7, [1], { a: 1 }]);
    if ("eEfFgG".includes(conversion)) return this.#float(true);
    if (conversion === "c") return this.pick<unknown>(["a", "😀", "ab", 65, 0x1f600, -1, 0x110000]);
    if ("oxX".includes(conversion)) return this.integer();
    if ("diu".includes(conversion)) return this.chance(0.5) ? this.integer() : this.#float(false);
    return this.#any(3);
  }

  #any(depth: number): unknown {
    const kind = this.below(depth > 0 ? 6 : 4);
    if (kind === 0) return this.integer();
    if (kind === 1) return this.#float(false);
    if (kind < 4) return this.pick(TEXTS);
    if (kind === 4) return Array.from({ length: this.below(4) }, () => this.#any(depth - 1));
    const keys = Array.from({ length: this.below(3) }, () => this.pick(KEYS));
    return Object.fromEntries(keys.map((key) => [key, this.#any(depth - 1)]));
  }

  /** A float that is no integer to JS, unless any float will do. */
  #float(any: boolean): number {
    for (;;) {
      const value = this.#anyFloat() * (this.chance(0.3) ? -1 : 1);
      if (any || !Number.isInteger(value)) return value;
    }
  }

  #anyFloat(): number {
    const kind = this.below(6);
    if (kind === 0) return this.pick([0, 0.5, 1.5, NaN, Infinity, 5e-324, 1.7976931348623157e308]);
    // Ties of every precision.
    if (kind === 1) return this.below(2 ** 20) / 2 ** this.below(20);
    if (kind === 2) return this.below(10 ** 6) / 10 ** this.below(8);
    if (kind === 3) return this.next() * 10 ** (this.below(40) - 20);
    const bits = new DataView(new ArrayBuffer(8));
    bits.setUint32(0, this.below(2 ** 31));
    bits.setUint32(4, this.below(2 ** 32));
    return bits.getFloat64(0);
  }
}
