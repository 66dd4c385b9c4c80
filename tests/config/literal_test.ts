import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { LiteralError, parseLiteral } from "../../src/config/literal/parse_literal.ts";
import { NAMES, options, read } from "./literal_spelling.ts";

function literalError(text: string): LiteralError {
  const error: unknown = assertThrows(() => parseLiteral(text, options));
  if (!(error instanceof LiteralError)) throw error;
  return error;
}

const number = (value: number) => ({ number: String(value) });

Deno.test("parseLiteral reads Python literals", async (t) => {
  const cases: { desc: string; text: string; value: unknown }[] = [
    { desc: "an empty tuple", text: "()", value: { tuple: [] } },
    { desc: "tuple() of nothing", text: "tuple()", value: { tuple: [] } },
    { desc: "a tuple of one", text: "('a',)", value: { tuple: ["a"] } },
    {
      desc: "a name in a tuple",
      text: "(sys.stdout,)",
      value: { tuple: [{ name: "sys.stdout" }] },
    },
    {
      desc: "a name in parentheses is no tuple",
      text: "(sys.stdout)",
      value: { name: "sys.stdout" },
    },
    { desc: "a string in parentheses is no tuple", text: "('a')", value: "a" },
    {
      desc: "the arguments of a RotatingFileHandler",
      text: "('app.log', 'a', 10*1024*1024, 3)",
      value: { tuple: ["app.log", "a", number(10485760), number(3)] },
    },
    {
      desc: "the arguments of a SysLogHandler",
      text: "(('localhost', 514), handlers.SysLogHandler.LOG_USER)",
      value: { tuple: [{ tuple: ["localhost", number(514)] }, { name: NAMES[1] }] },
    },
    { desc: "a tuple without parentheses", text: "'a', 1", value: { tuple: ["a", number(1)] } },
    {
      desc: "lines and comments in brackets",
      text: "\n(1, # one\n\n 2\n,)\n# end\n",
      value: { tuple: [number(1), number(2)] },
    },
    { desc: "a joined line", text: "1, \\\n 2", value: { tuple: [number(1), number(2)] } },
    { desc: "a list", text: "[1, (), [],]", value: [number(1), { tuple: [] }, []] },
    {
      desc: "a dict, equal keys are one",
      text: "{'a': {}, 1: 2, True: 3, 1.0: 4}",
      value: { dict: [["a", { dict: [] }], [number(1), number(4)]] },
    },
    { desc: "a set", text: "{2, 1, 2}", value: { set: ['{"number":"1"}', '{"number":"2"}'] } },
    {
      desc: "dict() with keywords",
      text: "dict(a=1, b=dict(),)",
      value: { dict: [["a", number(1)], ["b", { dict: [] }]] },
    },
    { desc: "constants", text: "[True, False, None]", value: [true, false, null] },
    {
      desc: "integers",
      text: "[0, 1_000, 0xFf, 0o17, 0b1_1, -5, +5, ~5]",
      value: [0, 1000, 255, 15, 3, -5, 5, -6].map(number),
    },
    { desc: "a big integer", text: "-0x20000000000000", value: { int: "-9007199254740992" } },
    {
      desc: "floats",
      text: "[1., .5, 1e3, -1_0.5E-1, 010.5]",
      value: [1, .5, 1000, -1.05, 10.5].map(number),
    },
    { desc: "negative zero", text: "-0.0", value: { number: "-0" } },
    {
      desc: "arithmetic of integers",
      text: "[1+2*3, (1+2)*3, 1<<20, -7//2, -7%3, 7%-3, 2**3**2, -2**2, 6&3|8^1, 9>>1]",
      value: [7, 9, 1048576, -4, 2, -2, 512, -4, 11, 4].map(number),
    },
    {
      desc: "strings",
      text: `['a"b', "a'b", '''a'b\n"''', """a"b""", u'x', 'a' "b" r'c']`,
      value: ['a"b', "a'b", `a'b\n"`, 'a"b', "x", "abc"],
    },
    {
      desc: "escapes",
      text: String.raw`'\n\t\\\'\"\x41\u00e9\U0001F600\101\0\q\
-'`,
      value: "\n\t\\'\"Aé😀A\0\\q-",
    },
    { desc: "raw strings", text: String.raw`r'C:\new\'s'`, value: String.raw`C:\new\'s` },
    { desc: "a formatted string without fields", text: "f'a{{}}'", value: "a{}" },
    { desc: "bytes", text: String.raw`b'a\xff' Rb'\x'`, value: { bytes: [97, 255, 92, 120] } },
  ];
  for (const { desc, text, value } of cases) {
    await t.step(desc, () => assertEquals(read(text), value));
  }
  await t.step("a tuple is frozen", () => {
    assert(Object.isFrozen(parseLiteral("(1,)", options)));
  });
});

Deno.test("parseLiteral refuses all else and evaluates nothing", async (t) => {
  const noCode = "no code is evaluated";
  const cases: { desc: string; text: string; reason: string; column: number }[] = [
    { desc: "an empty text", text: " ", reason: "empty", column: 2 },
    {
      desc: "an unknown name",
      text: "(1, os.sep)",
      reason:
        'names are limited to the registered ones, registerObject("os.sep", …) makes it known',
      column: 5,
    },
    { desc: "a call", text: "__import__('os').system('x')", reason: noCode, column: 1 },
    {
      desc: "a call of a registered name",
      text: "(DEBUG('x'),)",
      reason: '"DEBUG" cannot be called',
      column: 2,
    },
    { desc: "a method of a string", text: "'a'.format()", reason: noCode, column: 4 },
    { desc: "an item", text: "[1][0]", reason: noCode, column: 4 },
    {
      desc: "an attribute of parentheses",
      text: "(sys).stdout",
      reason: "unknown name",
      column: 2,
    },
    { desc: "a lambda", text: "lambda: 1", reason: noCode, column: 1 },
    { desc: "a comprehension", text: "[1 for x in y]", reason: noCode, column: 4 },
    { desc: "a condition", text: "1 if 2 else 3", reason: noCode, column: 3 },
    { desc: "a comparison", text: "1 < 2", reason: noCode, column: 3 },
    { desc: "an operator on a name", text: "DEBUG + 1", reason: noCode, column: 7 },
    { desc: "an operator on strings", text: "'😀' * 2", reason: "only for numbers", column: 5 },
    { desc: "a division by zero", text: "1 / 0.0", reason: "division by zero", column: 3 },
    { desc: "bits of a float", text: "4.0 << 1", reason: "only for integers", column: 5 },
    {
      desc: "an integer that no float holds",
      text: "9007199254740993 / 2",
      reason: "more than 53 bits",
      column: 18,
    },
    { desc: "a text and a number", text: "'😀' + 2", reason: "only with another text", column: 5 },
    { desc: "a field", text: "f'{DEBUG}'", reason: noCode, column: 3 },
    { desc: "a star", text: "(*[],)", reason: noCode, column: 2 },
    { desc: "dict() of a list", text: "dict([])", reason: noCode, column: 6 },
    { desc: "tuple() of a list", text: "tuple([])", reason: noCode, column: 1 },
    { desc: "a repeated keyword", text: "dict(a=1, a=2)", reason: "repeated", column: 11 },
    { desc: "a keyword as a name", text: "sys.class", reason: noCode, column: 5 },
    { desc: "an assignment", text: "a = 1", reason: "unknown name", column: 1 },
    { desc: "two values", text: "1 2", reason: "unexpected", column: 3 },
    { desc: "two lines", text: "1,\n2", reason: "after the end", column: 4 },
    { desc: "an indented second line", text: "\n 1", reason: "unexpected indent", column: 3 },
    { desc: "an open bracket", text: "('a',", reason: '")" is missing', column: 6 },
    { desc: "a wrong bracket", text: "('a',]", reason: '"]" closes', column: 6 },
    { desc: "an open string", text: "('a,)", reason: "not closed", column: 2 },
    { desc: "a string over two lines", text: "'a\rb'", reason: "not closed", column: 1 },
    { desc: "a comma alone", text: "(,)", reason: 'unexpected ","', column: 2 },
    { desc: "two commas", text: "(1,,)", reason: 'unexpected ","', column: 4 },
    { desc: "a leading zero", text: "010", reason: "leading zeros", column: 1 },
    { desc: "a complex number", text: "1j", reason: "complex", column: 1 },
    { desc: "a malformed number", text: "1__0", reason: "malformed number", column: 1 },
    { desc: "a bad escape", text: "'a\\x1'", reason: "hexadecimal", column: 3 },
    { desc: "strings and bytes", text: "'a' b'b'", reason: "cannot be joined", column: 5 },
    { desc: "bytes beyond ASCII", text: "b'é'", reason: "ASCII", column: 3 },
    { desc: "a list as a key", text: "{[]: 1}", reason: "a key must be", column: 2 },
    { desc: "a dict with an item", text: "{1: 2, 3}", reason: 'unexpected "}"', column: 9 },
    { desc: "a division by zero", text: "1 % 0", reason: "division by zero", column: 3 },
    { desc: "a negative exponent", text: "2**-1", reason: "negative exponent", column: 2 },
    { desc: "a huge shift", text: "1<<(1<<60)", reason: "10000 bits", column: 2 },
    { desc: "a huge power", text: "9**9**9", reason: "10000 bits", column: 2 },
    { desc: "too many digits", text: "1".repeat(4301), reason: "4300 digits", column: 1 },
    {
      desc: "deep brackets",
      text: "[".repeat(60) + "]".repeat(60),
      reason: "50 levels",
      column: 51,
    },
    { desc: "deep signs", text: "-".repeat(60_000) + "1", reason: "50 levels", column: 52 },
    { desc: "deep powers", text: "1**".repeat(60) + "1", reason: "50 levels", column: 151 },
    { desc: "a long text", text: " ".repeat(70_000), reason: "longer than 65536", column: 65537 },
    { desc: "a no-break space", text: "(\xa01)", reason: "unexpected", column: 2 },
    { desc: "a null character", text: "'\0'", reason: "null character", column: 2 },
  ];
  for (const { desc, text, reason, column } of cases) {
    await t.step(desc, () => {
      const error = literalError(text);
      assertStringIncludes(error.reason, reason);
      assertEquals(error.column, column);
    });
  }
});

Deno.test("one reckons with a registered integer as with a written one, and with nothing else", () => {
  const values: Readonly<Record<string, unknown>> = {
    DEBUG: 10,
    HALF: 0.5,
    HUGE: 2 ** 60,
    OUT: {},
  };
  const names = {
    resolveName: (name: string) =>
      Object.hasOwn(values, name) ? { value: values[name] } : undefined,
  };
  const cases: readonly [text: string, value: unknown][] = [
    ["DEBUG - 5", 5],
    ["-DEBUG", -10],
    ["~DEBUG", -11],
    ["2 * DEBUG ** 2", 200],
    ["DEBUG", 10],
    ["HUGE", 2 ** 60],
  ];
  for (const [text, value] of cases) assertEquals(parseLiteral(text, names), value, text);
  for (const text of ["HALF * 2", "OUT + 1", "~HALF", "-OUT"]) {
    const operator = /[*+~-]/.exec(text)![0];
    const error = assertThrows(() => parseLiteral(text, names), LiteralError);
    const what = operator === "~" ? "integers" : "numbers";
    assertStringIncludes(error.message, `"${operator}" is only for ${what}`);
  }
});
