import { assert, assertEquals } from "@std/assert";
import { LiteralError } from "../../src/config/literal/parse_literal.ts";
import { read, spell } from "./literal_spelling.ts";
import { askPython, Random, testSeed } from "../harness/python_oracle.ts";

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
    ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.Pow: operator.pow, ast.Div: operator.truediv}
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
        if o is ast.Add and type(l) is str and type(r) is str: return l + r
        if o not in ops or not {type(l), type(r)} <= {int, float}: raise Reject
        if o is ast.Div or float in (type(l), type(r)):
            if o not in (ast.Add, ast.Sub, ast.Mult, ast.Div): raise Reject
            if any(type(v) is int and abs(v) >= 2**53 for v in (l, r)): raise Reject
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
  ...("0 1 7 00 0_0 1_000 0xFF 0x_f 0o17 0b101 9007199254740991 9007199254740992 " +
    "123456789012345678901234567890 1. .5 1.5e3 1e400 0.1 1e-7 1_0.0_1e1_0 010.5 True " +
    "False None sys.stdout DEBUG _x1 handlers.SysLogHandler.LOG_USER () [] {} dict() " +
    "10*1024*1024 1<<20 nope").split(" "),
  "sys . stdout",
];
const OPERATORS = ["+", "-", "*", "/", "//", "%", "<<", ">>", "|", "&", "^", "**"];
const PIECES = [
  ...("a b é 😀 \u2028 \t \\n \\t \\\\ \\' \\x41 \\u00e9 \\U0001f600 \\101 \\8 \\q \\0 \\777 " +
    "\\\n {{ }} # , ( ] %s \\x4 \\ud800.").split(" "),
  " ",
  '\\"',
];
const PREFIXES = ["", "", "", "", "r", "b", "u", "f", "R", "bR", "Rb", "fr", "ur", "x"];
const NOISE = [
  ...("' ( ) [ ] { } , : . = - + * ~ 0 1 _ e x j a \n \t \f \r \\ # \xa0 \ufeff é if / < @ ; " +
    "$ !").split(" "),
  '"',
  " ",
  " in ",
  "not ",
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

/** CPython takes these for an indent; a value in an INI text has none. */
const ODD_BLANKS = /[\r\n][ \t\f]+$|(?:^|[\r\n])[ \t]*\f/;

Deno.test("parseLiteral agrees with Python's parser", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  const texts = Array.from({ length: 8000 }, () => {
    const text = randomLiteral(random);
    return random.chance(0.4) ? mutate(random, text) : text;
  }).filter((text) => !ODD_BLANKS.test(text));
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
