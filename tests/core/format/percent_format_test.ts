import { assertEquals } from "@std/assert";
import { percentFormat } from "../../../src/core/format/percent_format.ts";
import { type Outcome, outcome, type PercentCase } from "./percent_cases.ts";

const NOT_ALL: Outcome = ["TypeError", "not all arguments converted during string formatting"];
const NOT_ENOUGH: Outcome = ["TypeError", "not enough arguments for format string"];

Deno.test("percentFormat formats as CPython's % operator", () => {
  const cases: (PercentCase & { desc: string; expected: Outcome })[] = [
    { desc: "no conversions", format: "plain", args: [], expected: "plain" },
    { desc: "%% is %", format: "100%% %s", args: ["x"], expected: "100% x" },
    { desc: "replacement patterns stay", format: "%s$&", args: ["$& $1"], expected: "$& $1$&" },
    { desc: "width in code points", format: "%3s|%-3s|", args: ["😀", "é"], expected: "  😀|é  |" },
    { desc: "precision in code points", format: "%.1s", args: ["😀😀"], expected: "😀" },
    { desc: "%d truncates", format: "%d %d", args: [3.99, -3.99], expected: "3 -3" },
    { desc: "%d has no negative zero", format: "%d", args: [-0.5], expected: "0" },
    { desc: "%d of booleans", format: "%d%d", args: [true, false], expected: "10" },
    { desc: "%d of huge numbers", format: "%d", args: [1e21], expected: "1" + "0".repeat(21) },
    { desc: "%d of bigints", format: "%+d", args: [2n ** 64n], expected: "+18446744073709551616" },
    {
      desc: "zero padding",
      format: "%05d|%-05d|%+05d",
      args: [42, 42, 42],
      expected: "00042|42   |+0042",
    },
    {
      desc: "precision of integers",
      format: "%.3d %#.4x",
      args: [-5, 10],
      expected: "-005 0x000a",
    },
    { desc: "prefixes", format: "%#x %#X %#o", args: [255, 255, 8], expected: "0xff 0XFF 0o10" },
    { desc: "length modifiers", format: "%ld %hi %Lu", args: [1, 2, 3], expected: "1 2 3" },
    { desc: "ties to even", format: "%.0f %.0f %.1f", args: [0.5, 1.5, 0.25], expected: "0 2 0.2" },
    {
      desc: "two exponent digits",
      format: "%e %.0E",
      args: [1.5, 250],
      expected: "1.500000e+00 2E+02",
    },
    {
      desc: "%g",
      format: "%g %g %#g",
      args: [1e-5, 123456789, 1],
      expected: "1e-05 1.23457e+08 1.00000",
    },
    {
      desc: "%g of whole numbers",
      format: "%g %g %#g",
      args: [100, 12e4, 100],
      expected: "100 120000 100.000",
    },
    {
      desc: "ties to the next power of ten",
      format: "%.0e %.1e %.1g",
      args: [9.5, 99.5, 9.5],
      expected: "1e+01 1.0e+02 1e+01",
    },
    { desc: "no argument for a width", format: "%*d", args: [1], expected: NOT_ENOUGH },
    { desc: "%f beyond 1e21", format: "%.1f", args: [1e22], expected: "10000000000000000000000.0" },
    {
      desc: "%f with many digits",
      format: "%.120f",
      args: [0.5],
      expected: "0.5" + "0".repeat(119),
    },
    {
      desc: "infinities",
      format: "%05f %F %+g",
      args: [Infinity, -Infinity, NaN],
      expected: "00inf -INF +nan",
    },
    { desc: "%c", format: "%c%c%3c", args: [65, "é", 0x1f600], expected: "Aé  😀" },
    {
      desc: "%r and %a",
      format: "%r %a",
      args: ["é\n", "é😀"],
      expected: "'é\\n' '\\xe9\\U0001f600'",
    },
    {
      desc: "stars",
      format: "%*d|%-*d|%.*f",
      args: [4, 7, 4, 7, 1, 2.25],
      expected: "   7|7   |2.2",
    },
    { desc: "a negative star", format: "%*d|", args: [-4, 7], expected: "7   |" },
    {
      desc: "list and dict",
      format: "%s %s",
      args: [[1, "a", 2.5], { a: 1 }],
      expected: "[1, 'a', 2.5] {'a': 1}",
    },
    {
      desc: "JS's own words",
      format: "%s %s %s",
      args: [true, null, undefined],
      expected: "true null undefined",
    },
    { desc: "mapping", format: "%(a)s-%(b)03d", args: [{ a: "x", b: 7 }], expected: "x-007" },
    { desc: "Map as mapping", format: "%(a)s", args: [new Map([["a", 1]])], expected: "1" },
    {
      desc: "nested parentheses in a key",
      format: "%(a(b))s",
      args: [{ "a(b)": 1 }],
      expected: "1",
    },
    { desc: "a mapping as the value", format: "%s", args: [{ a: 1 }], expected: "{'a': 1}" },
    { desc: "an unused mapping", format: "no fields", args: [{ a: 1 }], expected: "no fields" },
    { desc: "an empty object is a value", format: "%s", args: [{}], expected: "{}" },
    { desc: "an array is a value", format: "%s", args: [["a"]], expected: "['a']" },
    { desc: "missing key", format: "%(no)s", args: [{ a: 1 }], expected: ["KeyError", "'no'"] },
    {
      desc: "inherited keys",
      format: "%(constructor)s",
      args: [{ a: 1 }],
      expected: ["KeyError", "'constructor'"],
    },
    {
      desc: "__proto__",
      format: "%(__proto__)s",
      args: [{ a: 1 }],
      expected: ["KeyError", "'__proto__'"],
    },
    { desc: "too many", format: "%s", args: [1, 2], expected: NOT_ALL },
    { desc: "too few", format: "%s %s", args: [1], expected: NOT_ENOUGH },
    { desc: "two values of one mapping", format: "%s %s", args: [{ a: 1 }], expected: NOT_ENOUGH },
    {
      desc: "key without mapping",
      format: "%(a)s",
      args: [1, 2],
      expected: ["TypeError", "format requires a mapping"],
    },
    {
      desc: "%d of text",
      format: "%d",
      args: ["1"],
      expected: ["TypeError", "%d format: a real number is required, not str"],
    },
    {
      desc: "%x of a fraction",
      format: "%x",
      args: [1.5],
      expected: ["TypeError", "%x format: an integer is required, not float"],
    },
    {
      desc: "%f of text",
      format: "%f",
      args: ["1"],
      expected: ["TypeError", "must be real number, not str"],
    },
    {
      desc: "%d of NaN",
      format: "%d",
      args: [NaN],
      expected: ["ValueError", "cannot convert float NaN to integer"],
    },
    {
      desc: "%d of infinity",
      format: "%d",
      args: [Infinity],
      expected: ["OverflowError", "cannot convert float infinity to integer"],
    },
    {
      desc: "unknown conversion",
      format: "a %?",
      args: [1],
      expected: ["ValueError", "unsupported format character '?' (0x3f) at index 3"],
    },
    {
      desc: "incomplete",
      format: "%s 50%",
      args: [1],
      expected: ["ValueError", "incomplete format"],
    },
    {
      desc: "incomplete key",
      format: "%(a",
      args: [{ a: 1 }],
      expected: ["ValueError", "incomplete format key"],
    },
    { desc: "star of text", format: "%*d", args: ["a", 1], expected: ["TypeError", "* wants int"] },
    {
      desc: "%c of two characters",
      format: "%c",
      args: ["ab"],
      expected: [
        "TypeError",
        "%c requires an int or a unicode character, not a string of length 2",
      ],
    },
    {
      desc: "%c out of range",
      format: "%c",
      args: [-1],
      expected: ["OverflowError", "%c arg not in range(0x110000)"],
    },
  ];
  for (const { desc, format, args, expected } of cases) {
    assertEquals(outcome(() => percentFormat(format, args)), expected, desc);
  }
});

Deno.test("percentFormat passes on what an argument's toString or getter throws", () => {
  const value = {
    toString(): string {
      throw new Error("broken");
    },
  };
  const getter = {
    get a(): string {
      throw new Error("broken");
    },
  };
  assertEquals(outcome(() => percentFormat("%s %s", [value, 1])), ["Error", "broken"]);
  assertEquals(outcome(() => percentFormat("%s %s", [getter, 1])), ["Error", "broken"]);
  assertEquals(outcome(() => percentFormat("%(a)s", [getter])), ["Error", "broken"]);
});

Deno.test("percentFormat keeps working when more formats are used than it remembers", () => {
  for (let i = 0; i < 2500; i++) assertEquals(percentFormat(`${i} %s`, [i]), `${i} ${i}`);
  assertEquals(percentFormat("0 %s", ["again"]), "0 again");
});
