import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { isPyTuple, LiteralError, parseLiteral } from "../../src/config/literal.ts";
import { askPython, Random, testSeed } from "./python_oracle.ts";

class Named {
  constructor(readonly name: string) {}
}

const NAMES = ["sys.stdout", "handlers.SysLogHandler.LOG_USER", "DEBUG", "_x1"];

const options = {
  resolveName: (name: string) => NAMES.includes(name) ? { value: new Named(name) } : undefined,
};

function read(text: string): unknown {
  return spell(parseLiteral(text, options));
}

/** A value in plain JSON, which tells a tuple from a list. */
function spell(value: unknown): unknown {
  if (isPyTuple(value)) return { tuple: value.map(spell) };
  if (Array.isArray(value)) return value.map(spell);
  if (value instanceof Map) {
    return { dict: [...value].map(([key, item]) => [spell(key), spell(item)]) };
  }
  if (value instanceof Set) {
    return { set: [...value].map((item) => JSON.stringify(spell(item))).sort() };
  }
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof Named) return { name: value.name };
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return { number: Object.is(value, -0) ? "-0" : String(value) };
  return value;
}

function literalError(text: string): LiteralError {
  const error: unknown = assertThrows(() => parseLiteral(text, options));
  if (!(error instanceof LiteralError)) throw error;
  return error;
}

const number = (value: number) => ({ number: String(value) });

Deno.test("parseLiteral reads Python literals", async (t) => {
  const cases: { desc: string; text: string; value: unknown }[] = [
    { desc: "an empty tuple", text: "()", value: { tuple: [] } },
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
      reason: 'unknown name "os.sep": names are limited',
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
    { desc: "an operator on strings", text: "'😀' + 'b'", reason: "only for integers", column: 5 },
    { desc: "a field", text: "f'{DEBUG}'", reason: noCode, column: 3 },
    { desc: "a star", text: "(*[],)", reason: noCode, column: 2 },
    { desc: "dict() of a list", text: "dict([])", reason: noCode, column: 6 },
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

// Python's own parser decides what the text is; of its result only the part is taken that
// parseLiteral promises to read.
const ORACLE = String.raw`
import ast, json, operator
names = {"sys.stdout", "handlers.SysLogHandler.LOG_USER", "DEBUG", "_x1"}
class Reject(Exception): pass
class Name:
    def __init__(self, name): self.name = name
ops = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.BitXor: operator.xor,
    ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.Pow: operator.pow}
def dotted(n):
    if isinstance(n, ast.Name): return n.id
    if isinstance(n, ast.Attribute): return dotted(n.value) + "." + n.attr
    raise Reject
def key(v):
    if not isinstance(v, (str, bytes, int, float, type(None))): raise Reject
    return v + 0.0 if isinstance(v, float) else v # a Map and a Set make 0 of -0
def walk(n):
    t = type(n)
    if t is ast.Constant:
        if isinstance(n.value, complex) or n.value is ...: raise Reject
        return n.value
    if t is ast.JoinedStr:
        if not all(isinstance(v, ast.Constant) for v in n.values): raise Reject
        return "".join(v.value for v in n.values)
    if t is ast.Tuple: return tuple(map(walk, n.elts))
    if t is ast.List: return list(map(walk, n.elts))
    if t is ast.Set: return {key(walk(e)) for e in n.elts}
    if t is ast.Dict:
        if None in n.keys: raise Reject
        return {key(walk(k)): walk(v) for k, v in zip(n.keys, n.values)}
    if t is ast.Call:
        if not (isinstance(n.func, ast.Name) and n.func.id == "dict") or n.args: raise Reject
        if any(k.arg is None for k in n.keywords): raise Reject
        return {k.arg: walk(k.value) for k in n.keywords}
    if t is ast.UnaryOp:
        v = walk(n.operand)
        o = type(n.op)
        if type(v) is float and o in (ast.USub, ast.UAdd): return -v if o is ast.USub else v
        if type(v) is not int or o is ast.Not: raise Reject
        return -v if o is ast.USub else v if o is ast.UAdd else ~v
    if t is ast.BinOp:
        l, r = walk(n.left), walk(n.right)
        o = type(n.op)
        if o not in ops or type(l) is not int or type(r) is not int: raise Reject
        if o is ast.LShift and l.bit_length() + r > 10000: raise Reject
        if o is ast.Pow and (r < 0 or abs(l) > 1 and l.bit_length() * r > 10000): raise Reject
        try: return ops[o](l, r)
        except (ValueError, ZeroDivisionError): raise Reject
    if t in (ast.Name, ast.Attribute):
        name = dotted(n)
        if name not in names: raise Reject
        return Name(name)
    raise Reject
def number(v):
    if type(v) is float:
        return {"float": repr(v)}
    return {"number": str(v)} if abs(v) < 2**53 else {"int": str(v)}
def spell(v):
    if v is None or isinstance(v, (bool, str)): return v
    if isinstance(v, (int, float)): return number(v)
    if isinstance(v, bytes): return {"bytes": list(v)}
    if isinstance(v, tuple): return {"tuple": [spell(i) for i in v]}
    if isinstance(v, list): return [spell(i) for i in v]
    if isinstance(v, dict): return {"dict": [[spell(k), spell(i)] for k, i in v.items()]}
    if isinstance(v, set): return {"set": [spell(i) for i in v]}
    return {"name": v.name}
def answer(text):
    try:
        text = text.lstrip(" \t") # as eval() does
        compile(text, "", "eval")
        return {"value": spell(walk(ast.parse(text, mode="eval").body))}
    except (Reject, SyntaxError, ValueError, OverflowError, MemoryError):
        return {}
print(json.dumps([answer(t) for t in json.load(sys.stdin)]))
`;

/** Turns Python's answer into the form of `spell`. */
function fromPython(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPython);
  if (typeof value !== "object" || value === null) return value;
  const [kind = "", inner] = Object.entries(value)[0] ?? [];
  if (kind === "float") {
    return spell(inner === "inf" ? Infinity : inner === "-inf" ? -Infinity : Number(inner));
  }
  if (kind === "tuple" || kind === "dict") return { [kind]: fromPython(inner) };
  if (kind === "set" && Array.isArray(inner)) {
    return { set: inner.map((item) => JSON.stringify(fromPython(item))).sort() };
  }
  return value;
}

const ATOMS = [
  "0",
  "1",
  "7",
  "00",
  "0_0",
  "1_000",
  "0xFF",
  "0x_f",
  "0o17",
  "0b101",
  "9007199254740991",
  "9007199254740992",
  "123456789012345678901234567890",
  "1.",
  ".5",
  "1.5e3",
  "1e400",
  "0.1",
  "1e-7",
  "1_0.0_1e1_0",
  "010.5",
  "True",
  "False",
  "None",
  "sys.stdout",
  "sys . stdout",
  "DEBUG",
  "_x1",
  "handlers.SysLogHandler.LOG_USER",
  "()",
  "[]",
  "{}",
  "dict()",
  "10*1024*1024",
  "1<<20",
  "nope",
];
const OPERATORS = ["+", "-", "*", "//", "%", "<<", ">>", "|", "&", "^", "**"];
const PIECES = [
  "a",
  "b",
  " ",
  "é",
  "😀",
  "\u2028",
  "\t",
  "\\n",
  "\\t",
  "\\\\",
  "\\'",
  '\\"',
  "\\x41",
  "\\u00e9",
  "\\U0001f600",
  "\\101",
  "\\8",
  "\\q",
  "\\0",
  "\\777",
  "\\\n",
  "{{",
  "}}",
  "#",
  ",",
  "(",
  "]",
  "%s",
  "\\x4",
  "\\ud800.",
];
const PREFIXES = ["", "", "", "", "r", "b", "u", "f", "R", "bR", "Rb", "fr", "ur", "x"];
const NOISE = [
  "'",
  '"',
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  ".",
  "=",
  "-",
  "+",
  "*",
  "~",
  "0",
  "1",
  "_",
  "e",
  "x",
  "j",
  "a",
  " ",
  "\n",
  "\t",
  "\f",
  "\r",
  "\\",
  "#",
  "\xa0",
  "\ufeff",
  "é",
  "if",
  " in ",
  "not ",
  "/",
  "<",
  "@",
  ";",
  "$",
  "!",
];

function randomLiteral(random: Random, depth = 0): string {
  const kind = depth > 3 ? random.below(50) : random.below(110);
  const gap = () =>
    depth === 0
      ? random.pick(["", " "])
      : random.pick(["", "", " ", "\n", " # c)\n", "\\\n", "\f"]);
  const items = (write: () => string) =>
    Array.from({ length: random.below(4) }, () => gap() + write() + gap()).join(",") +
    random.pick(["", "", ","]);
  const inner = () => randomLiteral(random, depth + 1);
  if (kind < 25) return random.pick(ATOMS);
  if (kind < 50) {
    return randomString(random) + (random.chance(0.2) ? gap() + randomString(random) : "");
  }
  if (kind < 65) return `(${items(inner)})`;
  if (kind < 72) return `[${items(inner)}]`;
  if (kind < 80) return `{${items(() => `${inner()}${gap()}:${gap()}${inner()}`)}}`;
  if (kind < 84) return `{${items(inner)}}`;
  if (kind < 88) return `dict(${items(() => `k${random.below(9)}${gap()}=${inner()}`)})`;
  if (kind < 93) return random.pick(["-", "+", "~"]) + inner();
  if (kind < 105) return `${inner()}${gap()}${random.pick(OPERATORS)}${gap()}${inner()}`;
  return `(${gap()}${inner()}${gap()})`;
}

function randomString(random: Random): string {
  const quote = random.pick(["'", '"', "'''", '"""']);
  const body = Array.from({ length: random.below(4) }, () => random.pick(PIECES)).join("");
  return random.pick(PREFIXES) + quote + body + quote;
}

function mutate(random: Random, text: string): string {
  const points = Array.from(text);
  for (let i = 1 + random.below(2); i > 0; i--) {
    const removed = random.chance(0.5) ? 1 : 0;
    points.splice(
      random.below(points.length + 1),
      removed,
      random.chance(0.6) ? random.pick(NOISE) : "",
    );
  }
  return points.join("");
}

/** CPython minds blanks behind the last line end; a value in an INI text cannot end so. */
const BLANK_LAST_LINE = /[\r\n][ \t\f]+$/;

Deno.test("parseLiteral agrees with Python's parser", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  const texts = Array.from({ length: 8000 }, () => {
    const text = randomLiteral(random);
    return random.chance(0.4) ? mutate(random, text) : text;
  }).filter((text) => !BLANK_LAST_LINE.test(text));
  const answer = await askPython(ORACLE, texts);
  if (answer === undefined) return;

  let values = 0;
  for (const [i, text] of texts.entries()) {
    const theirs = (answer as { value?: unknown }[])[i] ?? {};
    let ours: { value?: unknown; reason?: string } = {};
    try {
      ours = { value: read(text) };
      values++;
    } catch (error) {
      if (!(error instanceof LiteralError)) throw error;
      ours = { reason: error.message };
    }
    const message = `seed ${seed}, text ${JSON.stringify(text)}: ${ours.reason ?? "no error"}`;
    assertEquals("value" in ours, "value" in theirs, message);
    assertEquals(JSON.stringify(ours.value), JSON.stringify(fromPython(theirs.value)), message);
  }
  // Else the generator would not test much.
  assert(values > 2000 && values < 7000, `${values} texts without error`);
});
