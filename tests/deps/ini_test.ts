// The contract of `@std/ini`, held by the package on JSR and by `deps/ini.ts`.
import { assertEquals, assertThrows } from "@std/assert";
import { parse, stringify } from "@std/ini";

/** An object as `parse` makes it, with keys such as `__proto__` too. */
function table(...entries: [string, unknown][]): object {
  return Object.fromEntries(entries);
}

Deno.test("@std/ini parse reads sections and options", async (t) => {
  const cases: { desc: string; text: string; result: object }[] = [
    { desc: "an empty text", text: "", result: {} },
    {
      desc: "options in sections and in front of them",
      text: "a=b\n[s]\nk=v\nl = w x \n\n[t]\n",
      result: { a: "b", s: { k: "v", l: "w x" }, t: {} },
    },
    {
      desc: "comments",
      text: "# a=1\n; b=2\n// c=3\n  # d=4\n[s]\nk=v # kept\n",
      result: { s: { k: "v # kept" } },
    },
    {
      desc: "all line ends",
      text: "[s]\r\na=x\rb=y\nc=z",
      result: { s: { a: "x", b: "y", c: "z" } },
    },
    {
      desc: "typed values",
      text: "a=null\nb=true\nc=false\nd=010\ne=-1.5\nf=1e3\ng=0x10\nh=\ni=x",
      result: {
        a: null,
        b: true,
        c: false,
        d: 10,
        e: -1.5,
        f: 1000,
        g: 16,
        h: 0,
        i: "x",
      },
    },
    {
      desc: "quoted values are strings as they are",
      text: 'a="null"\nb="010"\nc=" x "\nd="a\\n"b"\ne="\nf=""',
      result: { a: "null", b: "010", c: " x ", d: 'a\\n"b', e: '"', f: "" },
    },
    {
      desc: "the first = separates",
      text: "a=b=c\nd:e=f",
      result: { a: "b=c", "d:e": "f" },
    },
    {
      desc: "section names are not trimmed, and may hold brackets",
      text: "[ a ]\n[[b]]\n[c]d]",
      result: { " a ": {}, "[b]": {}, "c]d": {} },
    },
    {
      desc: "a later section or option replaces an earlier one",
      text: "[s]\na=x\na=y\n[t]\nb=x\n[t]\nc=y",
      result: { s: { a: "y" }, t: { c: "y" } },
    },
    {
      desc: "names of JavaScript's own",
      text: "[__proto__]\n__proto__=x\nconstructor=y",
      result: table([
        "__proto__",
        table(["__proto__", "x"], ["constructor", "y"]),
      ]),
    },
  ];
  for (const { desc, text, result } of cases) {
    await t.step(desc, () => {
      assertEquals(JSON.stringify(parse(text)), JSON.stringify(result));
    });
  }
});

Deno.test("@std/ini parse hands options to the reviver", () => {
  const calls: unknown[] = [];
  const result = parse('a=1\n[s]\nk="v"\n', {
    reviver: (key, value, section) => {
      calls.push([key, value, section]);
      return `<${value}>`;
    },
  });
  assertEquals(calls, [["a", 1, undefined], ["k", "v", "s"]]);
  assertEquals(result, { a: "<1>", s: { k: "<v>" } });
});

Deno.test("@std/ini parse refuses other lines", async (t) => {
  const cases = [
    { desc: "no =", text: "[s]\nfoo" },
    { desc: "no key", text: "[s]\n=v" },
    { desc: "an open header", text: "[s" },
    { desc: "an empty header", text: "[]" },
    { desc: "a blank header", text: "[ ]" },
  ];
  for (const { desc, text } of cases) {
    await t.step(desc, () => {
      assertThrows(() => parse(text), SyntaxError);
    });
  }
});

Deno.test("@std/ini stringify prints sections and options", async (t) => {
  const object = { s: { k: "v", n: 1 }, top: true, "[t": {} };
  await t.step("plain, what has no section first", () => {
    assertEquals(stringify(object), "top=true\n[s]\nk=v\nn=1\n[[t]");
  });
  await t.step("pretty", () => {
    assertEquals(
      stringify({ s: { k: "v" } }, { pretty: true, lineBreak: "\r\n" }),
      "[s]\r\nk = v",
    );
  });
  await t.step("with a replacer", () => {
    const replacer = (key: string, value: unknown, section?: string) =>
      `${section}.${key}.${value}`;
    assertEquals(
      stringify({ a: 1, s: { k: "v" } }, { replacer }),
      "a=undefined.a.1\n[s]\nk=s.k.v",
    );
  });
  await t.step("names of JavaScript's own", () => {
    const inner = table(["__proto__", "x"], ["constructor", "y"]);
    assertEquals(
      stringify(table(["__proto__", inner])),
      "[__proto__]\n__proto__=x\nconstructor=y",
    );
  });
});
