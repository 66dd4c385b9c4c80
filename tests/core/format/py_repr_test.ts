import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  askPython,
  DECODE_PYTHON,
  encodeForPython,
  Random,
  testSeed,
} from "../../harness/python_oracle.ts";
import { pyAscii, pyRepr, pyStr, pythonError, typeName } from "../../../src/core/python/py_repr.ts";

class Point {
  readonly x = 1;
  readonly y = "a";
}

class Money {
  readonly cents = 150;
  toString(): string {
    return "1.50";
  }
}

Deno.test("pyStr and pyRepr print values in Python's layout, JS's own ones in JS words", () => {
  const circularList: unknown[] = [1];
  circularList.push(circularList);
  const circularDict: Record<string, unknown> = { a: 1 };
  circularDict.self = circularDict;
  const circularSet = new Set<unknown>();
  circularSet.add(circularSet);
  const shared = [1];
  const date = new Date(0);
  // Without `str`, it is the same as `repr`.
  const cases: { desc: string; value: unknown; repr: string; str?: string }[] = [
    { desc: "text", value: "a", repr: "'a'", str: "a" },
    { desc: "single quote", value: "it's", repr: `"it's"`, str: "it's" },
    { desc: "both quotes", value: `'"`, repr: `'\\'"'`, str: `'"` },
    { desc: "escapes", value: "\n\r\t\\\0", repr: "'\\n\\r\\t\\\\\\x00'", str: "\n\r\t\\\0" },
    { desc: "printable unicode", value: "é😀", repr: "'é😀'", str: "é😀" },
    { desc: "a lone surrogate", value: "\ud800", repr: "'\\ud800'", str: "\ud800" },
    { desc: "integer", value: 1, repr: "1" },
    { desc: "fraction", value: 1.5, repr: "1.5" },
    { desc: "small fraction", value: 0.00001, repr: "1e-05" },
    { desc: "large number", value: 1e21, repr: "1e+21" },
    { desc: "bigint", value: 10n ** 20n, repr: "100000000000000000000" },
    { desc: "NaN", value: NaN, repr: "nan" },
    { desc: "infinity", value: -Infinity, repr: "-inf" },
    { desc: "boolean", value: true, repr: "true" },
    { desc: "null", value: null, repr: "null" },
    { desc: "undefined", value: undefined, repr: "undefined" },
    { desc: "symbol", value: Symbol("x"), repr: "Symbol(x)" },
    { desc: "function", value: function name() {}, repr: "<function name>" },
    { desc: "anonymous function", value: (() => () => {})(), repr: "<function anonymous>" },
    { desc: "list", value: [1, "a", 2.5, [null]], repr: "[1, 'a', 2.5, [null]]" },
    { desc: "holes", value: new Array(2), repr: "[undefined, undefined]" },
    { desc: "dict", value: { a: 1, b: [1, 2] }, repr: "{'a': 1, 'b': [1, 2]}" },
    {
      desc: "object without prototype",
      value: Object.assign(Object.create(null), { a: 1 }),
      repr: "{'a': 1}",
    },
    {
      desc: "Map",
      value: new Map<unknown, unknown>([["a", 1], [2, "b"]]),
      repr: "Map({'a': 1, 2: 'b'})",
    },
    { desc: "Set", value: new Set([1, "a"]), repr: "{1, 'a'}" },
    { desc: "empty ones", value: [[], {}, new Map(), new Set()], repr: "[[], {}, Map({}), set()]" },
    { desc: "typed array", value: new Uint8Array([1, 2]), repr: "Uint8Array([1, 2])" },
    {
      desc: "headers, and a blob, which have no properties of their own",
      value: [new Headers({ a: "b" }), new Blob(["abc"])],
      repr: "[Headers {'a': 'b'}, Blob {'size': 3, 'type': ''}]",
    },
    {
      desc: "what only looks like headers",
      value: { [Symbol.toStringTag]: "Headers", __proto__: { constructor: Point } },
      repr: "Point {}",
    },
    { desc: "Date", value: date, repr: "1970-01-01T00:00:00.000Z" },
    { desc: "invalid Date", value: new Date(NaN), repr: "Invalid Date" },
    { desc: "Error", value: new TypeError("no"), repr: "TypeError('no')", str: "TypeError: no" },
    {
      desc: "Error without message",
      value: new RangeError(),
      repr: "RangeError()",
      str: "RangeError",
    },
    { desc: "instance", value: new Point(), repr: "Point {'x': 1, 'y': 'a'}" },
    { desc: "own toString", value: new Money(), repr: "Money {'cents': 150}", str: "1.50" },
    { desc: "URL", value: new URL("http://a/"), repr: "http://a/" },
    { desc: "RegExp in a list", value: [/a/g], repr: "[/a/g]" },
    { desc: "toString that is no function", value: { toString: 1 }, repr: "{'toString': 1}" },
    { desc: "circular list", value: circularList, repr: "[1, [...]]" },
    { desc: "circular dict", value: circularDict, repr: "{'a': 1, 'self': {...}}" },
    { desc: "circular Set", value: circularSet, repr: "{{...}}" },
    { desc: "twice is not circular", value: [shared, shared], repr: "[[1], [1]]" },
  ];
  for (const { desc, value, repr, str } of cases) {
    assertEquals(pyRepr(value), repr, desc);
    assertEquals(pyStr(value), str ?? repr, desc);
  }
});

Deno.test("pyStr and pyRepr pass on what getters and toString throw", () => {
  const getter = {
    get a(): string {
      throw new Error("broken getter");
    },
  };
  const text = {
    toString(): string {
      throw new Error("broken toString");
    },
  };
  assertThrows(() => pyRepr([getter]), Error, "broken getter");
  assertThrows(() => pyStr(getter), Error, "broken getter");
  assertThrows(() => pyStr(text), Error, "broken toString");
});

Deno.test("typeName gives Python's name of a type", () => {
  const cases: [value: unknown, name: string][] = [
    ["", "str"],
    [1, "int"],
    [1n, "int"],
    [1.5, "float"],
    [NaN, "float"],
    [true, "bool"],
    [[], "list"],
    [{}, "dict"],
    [new Map(), "dict"],
    [new Set(), "set"],
    [new Point(), "Point"],
    [null, "null"],
    [undefined, "undefined"],
  ];
  for (const [value, name] of cases) assertEquals(typeName(value), name);
});

Deno.test("pythonError prints with the Python exception's name", () => {
  assertEquals(String(pythonError("KeyError", "'a'")), "KeyError: 'a'");
  assert(pythonError("TypeError", "no") instanceof TypeError);
});

Deno.test("pyRepr, pyStr and pyAscii give what CPython gives for random values", async () => {
  const seed = testSeed();
  const random = new Cases(seed);
  const values = Array.from({ length: 6000 }, () => random.value(3));
  const expected = await askPython(PYTHON, values.map(encodeForPython)) as
    | (readonly [string, string, string] | null)[]
    | undefined;
  if (expected === undefined) return;
  values.forEach((value, i) => {
    // Characters that are newer than Python's Unicode tables.
    if (expected[i] === null) return;
    assertEquals(
      [pyRepr(value), pyStr(value), pyAscii(value)],
      expected[i],
      `seed ${seed}: ${Deno.inspect(value, { depth: 9 })}`,
    );
  });
});

const PYTHON = `
import json, sys, unicodedata
${DECODE_PYTHON}
def run(v):
    if any(unicodedata.category(c) == 'Cn' for c in json.dumps(v, ensure_ascii=False)): return None
    return [repr(v), str(v), ascii(v)]
cases = json.load(sys.stdin)
print(json.dumps([run(decode(c)) for c in cases]))
`;

/** Random values. */
class Cases extends Random {
  value(depth: number): unknown {
    const kind = this.below(depth > 0 ? 7 : 5);
    if (kind === 0) return this.integer();
    if (kind === 1) return this.#fraction();
    if (kind < 5) return this.#text();
    if (kind === 5) return Array.from({ length: this.below(4) }, () => this.value(depth - 1));
    const keys = Array.from({ length: this.below(3) }, () => "key " + this.#text());
    return Object.fromEntries(keys.map((key) => [key, this.value(depth - 1)]));
  }

  #text(): string {
    let text = "";
    while (this.chance(0.75)) {
      const limit = [
        0x80,
        0x80,
        0x100,
        0x250,
        0x3000,
        0x10000,
        0x20000,
      ][this.below(this.chance(0.5) ? 4 : 7)]!;
      text += this.chance(0.15)
        ? "'"
        : this.chance(0.1)
        ? '"'
        : String.fromCodePoint(this.below(limit));
    }
    return text;
  }

  /** A float that is no integer to JS. */
  #fraction(): number {
    for (;;) {
      const value = (this.next() - 0.5) * 10 ** (this.below(60) - 40);
      if (!Number.isInteger(value)) return this.chance(0.03) ? NaN : value;
    }
  }
}
