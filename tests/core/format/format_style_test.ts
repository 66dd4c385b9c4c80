import { assertEquals } from "@std/assert";
import { askPython, encodeForPython, Random, testSeed } from "../../harness/python_oracle.ts";
import type { CompiledFormat } from "../../../src/core/format/compiled_format.ts";
import { compileFormat, type Style } from "../../../src/core/format/format_style.ts";
import { pyRepr, pythonError } from "../../../src/core/python/py_repr.ts";
import type { LogRecord } from "../../../src/core/records/log_record.ts";
import { type ReadField, RecordLine } from "../../../src/core/formatters/record_line.ts";

/** What formatting gave: the text, or the name and message of the error. */
type Outcome = string | [name: string, message: string];

/** `validated` is what refused the format, `usesTime` whether it asks for the time. */
type Report = { validated: Outcome } | { usesTime: boolean; text: Outcome };

type Fields = Readonly<Record<string, unknown>>;

interface Case {
  readonly format: string;
  readonly style: Style;
  readonly validate: boolean;
  readonly record: Fields;
}

/** Reads a field that the record has been given. */
function readField(record: Fields, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  throw pythonError("KeyError", pyRepr(name));
}

/** The line as a formatter makes it; twice, since the second takes its beginning from the first. */
function render(format: CompiledFormat, fields: Fields): Outcome {
  const line = RecordLine.of(format);
  const record = fields as unknown as LogRecord;
  const read: ReadField = (_record, name) => readField(fields, name);
  const first = outcome(() => line.render(record, read));
  assertEquals(outcome(() => line.render(record, read)), first);
  return first;
}

function outcome(run: () => string): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [error.name, error.message];
  }
}

function report({ format, style, validate, record }: Case): Report {
  const validated = outcome(() => {
    compileFormat(format, style, validate);
    return "";
  });
  if (validated !== "") return { validated };
  const compiled = compileFormat(format, style, validate);
  return { usesTime: compiled.usesTime, text: render(compiled, record) };
}

const RECORD = {
  message: "hello",
  name: "app",
  levelname: "INFO",
  levelno: 20,
  msecs: 7,
  created: 1700000000.123456,
  width: 8,
  list: [1, "b"],
  dict: { key: "value", "0": "zero" },
};

function missing(name: string): Outcome {
  return ["ValueError", `Formatting field not found in record: '${name}'`];
}

Deno.test("compileFormat formats records as CPython's three styles", () => {
  const cases: { desc: string; style: Style; format: string; expected: Outcome }[] = [
    { desc: "empty means the default", style: "%", format: "", expected: "hello" },
    { desc: "empty means the default", style: "{", format: "", expected: "hello" },
    { desc: "empty means the default", style: "$", format: "", expected: "hello" },
    {
      desc: "padding",
      style: "%",
      format: "%(levelname)-8s|%(msecs)03d|%%",
      expected: "INFO    |007|%",
    },
    { desc: "floats", style: "%", format: "%(created)f", expected: "1700000000.123456" },
    { desc: "unknown field", style: "%", format: "%(nope)s", expected: missing("nope") },
    { desc: "inherited name", style: "%", format: "%(toString)s", expected: missing("toString") },
    {
      desc: "unknown conversion",
      style: "%",
      format: "%(name)s %(message)y",
      expected: ["ValueError", "unsupported format character 'y' (0x79) at index 19"],
    },
    {
      desc: "positional after a field",
      style: "%",
      format: "%(name)s %s",
      expected: ["TypeError", "not enough arguments for format string"],
    },
    {
      desc: "positional number first",
      style: "%",
      format: "%d %(name)s",
      expected: ["TypeError", "%d format: a real number is required, not dict"],
    },
    {
      desc: "incomplete",
      style: "%",
      format: "%(name)s %",
      expected: ["ValueError", "incomplete format"],
    },
    {
      desc: "incomplete key",
      style: "%",
      format: "%(name)s %(mess",
      expected: ["ValueError", "incomplete format key"],
    },
    {
      desc: "fields",
      style: "{",
      format: "{{{name}}} {message!r:>9}",
      expected: "{app}   'hello'",
    },
    {
      desc: "numbers",
      style: "{",
      format: "{msecs:03d} {created:,.1f} {levelno:#x}",
      expected: "007 1,700,000,000.1 0x14",
    },
    { desc: "nested specs", style: "{", format: "{message:>{width}}|", expected: "   hello|" },
    { desc: "items", style: "{", format: "{list[1]} {dict[key]} {name[0]}", expected: "b value a" },
    { desc: "unknown field", style: "{", format: "{nope}", expected: missing("nope") },
    {
      desc: "unknown nested field",
      style: "{",
      format: "{message:{nope}}",
      expected: missing("nope"),
    },
    {
      desc: "positional",
      style: "{",
      format: "{} {message}",
      expected: ["IndexError", "Replacement index 0 out of range for positional args tuple"],
    },
    {
      desc: "spec of the wrong type",
      style: "{",
      format: "{message:d}",
      expected: ["ValueError", "Unknown format code 'd' for object of type 'str'"],
    },
    {
      desc: "spec of an object",
      style: "{",
      format: "{list:>5}",
      expected: ["TypeError", "unsupported format string passed to list.__format__"],
    },
    {
      desc: "attributes nobody has",
      style: "{",
      format: "{dict.constructor}",
      expected: ["AttributeError", "'dict' object has no attribute 'constructor'"],
    },
    {
      desc: "placeholders",
      style: "$",
      format: "$name ${message} $$ $levelno.",
      expected: "app hello $ 20.",
    },
    { desc: "unknown field", style: "$", format: "${nope}", expected: missing("nope") },
  ];
  for (const { desc, style, format, expected } of cases) {
    assertEquals(render(compileFormat(format, style), RECORD), expected, `${desc}: ${format}`);
  }
});

Deno.test("compileFormat refuses what CPython's validate refuses", () => {
  const cases: { style: Style; format: string; message: string }[] = [
    { style: "%", format: "plain", message: "Invalid format 'plain' for '%' style" },
    { style: "%", format: "%s %%", message: "Invalid format '%s %%' for '%' style" },
    { style: "%", format: "%(a b)s", message: "Invalid format '%(a b)s' for '%' style" },
    { style: "{", format: "plain", message: "invalid format: no fields" },
    { style: "{", format: "{}", message: "invalid format: no fields" },
    { style: "{", format: "{a", message: "invalid format: expected '}' before end of string" },
    {
      style: "{",
      format: "a}",
      message: "invalid format: Single '}' encountered in format string",
    },
    {
      style: "{",
      format: "{a b}",
      message: "invalid format: invalid field name/expression: 'a b'",
    },
    { style: "{", format: "{a!x}", message: "invalid format: invalid conversion: 'x'" },
    { style: "{", format: "{a:10q}", message: "invalid format: bad specifier: '10q'" },
    { style: "$", format: "plain $$", message: "invalid format: no fields" },
    { style: "$", format: "$name $", message: "invalid format: bare '$' not allowed" },
    { style: "$", format: "$name ${a b}", message: "invalid format: bare '$' not allowed" },
  ];
  for (const { style, format, message } of cases) {
    assertEquals(
      report({ style, format, validate: true, record: RECORD }),
      { validated: ["ValueError", message] },
      format,
    );
    compileFormat(format, style, false);
  }
});

Deno.test("compileFormat tells which fields a format mentions, and whether it needs the time", () => {
  const cases: { style: Style; format: string; fields: string[]; usesTime: boolean }[] = [
    {
      style: "%",
      format: "%(asctime)s %(name)s %(name)s",
      fields: ["asctime", "name"],
      usesTime: true,
    },
    { style: "%", format: "%%(asctime)s %(name)s", fields: ["name"], usesTime: true },
    {
      style: "{",
      format: "{asctime!s:>{width}} {name.x}",
      fields: ["asctime", "width", "name"],
      usesTime: true,
    },
    { style: "$", format: "$asctime ${name} $$", fields: ["asctime", "name"], usesTime: true },
    { style: "$", format: "$name", fields: ["name"], usesTime: false },
  ];
  for (const { style, format, fields, usesTime } of cases) {
    const compiled = compileFormat(format, style);
    assertEquals([...compiled.fields], fields, format);
    assertEquals(compiled.usesTime, usesTime, format);
  }
});

Deno.test("compileFormat gives parts that make the same text one by one", () => {
  const cases: { style: Style; format: string }[] = [
    { style: "%", format: "[%(levelname)-8s] %(message)s 100%%" },
    { style: "{", format: "{{{levelname:<8}}} {message:>{width}}" },
    { style: "$", format: "$levelname $$ ${message}" },
  ];
  const get = (name: string) => readField(RECORD, name);
  for (const { style, format } of cases) {
    const compiled = compileFormat(format, style);
    const texts = compiled.parts.map((part) =>
      typeof part === "string" ? part : part.render(get(part.name), get)
    );
    assertEquals(texts.join(""), render(compiled, RECORD), format);
  }
});

Deno.test("compileFormat gives what CPython gives for random formats", async () => {
  const seed = testSeed();
  const random = new Cases(seed);
  const cases = Array.from({ length: 9000 }, () => random.case());
  const expected = await askPython(
    PYTHON,
    cases.map((
      { format, style, validate, record },
    ) => [format, style, validate, encodeForPython(record)]),
  ) as Report[] | undefined;
  if (expected === undefined) return;
  cases.forEach((one, i) => {
    assertEquals(report(one), expected[i], `seed ${seed}: ${Deno.inspect(one, { depth: 9 })}`);
  });
});

const PYTHON = `
import json, logging, sys
def decode(v):
    if isinstance(v, list): return [decode(x) for x in v]
    if isinstance(v, dict):
        if '__int__' in v: return int(v['__int__'])
        if '__float__' in v: return float(v['__float__'])
        return {k: decode(x) for k, x in v.items()}
    return v
def outcome(run):
    try: return run()
    except Exception as e: return [type(e).__name__, str(e)]
def run(format, style, validate, values):
    record = logging.makeLogRecord({})
    record.__dict__ = decode(values)
    formatter = outcome(lambda: logging.Formatter(format, None, style, validate))
    if isinstance(formatter, list): return {'validated': formatter}
    return {'usesTime': formatter.usesTime(), 'text': outcome(lambda: formatter.formatMessage(record))}
cases = json.load(sys.stdin)
print(json.dumps([run(*c) for c in cases] if sys.version_info[:2] == (3, 11) else None))
`;

const FIELDS = ["message", "name", "levelno", "msecs", "created", "list", "dict", "asctime"];
const TEXTS = ["", "hello", "it's", "é😀\n", "a".repeat(12)];

/** Random cases. */
class Cases extends Random {
  case(): Case {
    const style = this.pick<Style>(["%", "{", "{", "{", "$"]);
    let format = this.chance(0.3) ? this.#soup(style) : "";
    for (let i = this.below(4); i >= 0; i--) {
      format += this.pick(["", " ", "é", "😀", "$$", "%%", "{{", "\n"]) + this.#field(style);
    }
    if (this.chance(0.1)) format += this.#soup(style);
    // Widths of any size would only fill the memory.
    format = format.replaceAll(/\d{3,}/g, (digits) => digits.slice(0, 2));
    return { format, style, validate: this.chance(0.5), record: this.#record() };
  }

  #soup(style: Style): string {
    let text = "";
    while (this.chance(0.8)) {
      text += style === "%" ? this.pick("%(((name))a)sd. 5%x?") : style === "{"
        ? this.pick([
          "{",
          "}",
          "{name",
          "}",
          "!",
          "r",
          ":",
          ">",
          "5",
          ".",
          "[",
          "]",
          "0",
          "{{",
          "é",
        ])
        : this.pick(["$", "{", "}", "name", "${", "$name", " ", "é", "\r\n", "\u2028"]);
    }
    // Here CPython would print all of the record.
    return style === "%" && text.includes("%") ? "%(name)s" + text : text;
  }

  #field(style: Style): string {
    const name = this.chance(0.03) ? this.pick(["nope", "a b", "é", "", "0"]) : this.pick(FIELDS);
    if (style === "$") return this.chance(0.5) ? `$${name}` : `\${${name}}`;
    if (style === "%") return this.#percent(name);
    let field = `{${name}`;
    while (this.chance(0.06)) {
      field += this.pick(["[0]", "[1]", "[key]", ".attr", "[9]", "[", "]", ".", "[]", "[-1]"]);
    }
    if (this.chance(0.2)) field += "!" + this.pick("rsarsaxé");
    if (this.chance(0.7)) field += ":" + this.#spec();
    return field + "}";
  }

  #percent(name: string): string {
    let field = `%(${name})`;
    while (this.chance(0.2)) field += this.pick("#0- +");
    if (this.chance(0.3)) field += this.chance(0.03) ? "*" : String(this.below(15));
    if (this.chance(0.3)) field += "." + (this.chance(0.03) ? "*" : String(this.below(9)));
    return field + this.pick("sssssdfegxcra%y");
  }

  #spec(): string {
    let spec = "";
    if (this.chance(0.3)) {
      spec += (this.chance(0.6) ? this.pick(["*", "0", "é", "😀", "-"]) : "") + this.pick("<>=^");
    }
    if (this.chance(0.2)) spec += this.pick("+- ");
    if (this.chance(0.05)) spec += "z";
    if (this.chance(0.2)) spec += "#";
    if (this.chance(0.2)) spec += "0";
    if (this.chance(0.5)) spec += this.chance(0.1) ? this.#nested() : String(this.below(30));
    if (this.chance(0.2)) spec += this.pick([",", "_", ",", "_", ",_"]);
    if (this.chance(0.3)) {
      spec += "." + (this.chance(0.1) ? this.#nested() : String(this.below(12)));
    }
    if (this.chance(0.7)) spec += this.pick("sdfegFEGxXobcn%fdy");
    return spec;
  }

  #nested(): string {
    return this.pick([
      "{width}",
      "{width}",
      "{nope}",
      "{}",
      "{width:{width}}",
      "{width:{width:{width}}}",
      "{name!r}",
    ]);
  }

  #record(): Record<string, unknown> {
    return {
      message: this.pick(TEXTS),
      name: "app",
      levelno: this.#integer(),
      msecs: this.below(1000),
      created: this.#float(),
      list: [1, "b", 2.5],
      dict: { key: "value" },
      width: this.below(20),
    };
  }

  #integer(): number | bigint {
    const sign = this.chance(0.3) ? -1 : 1;
    if (this.chance(0.1)) return BigInt(sign) * BigInt(this.below(2 ** 32)) ** 4n;
    return sign * this.below(10 ** this.below(16)) || 0;
  }

  /** A float that is no integer to JS. */
  #float(): number {
    if (this.chance(0.1)) return this.pick([NaN, Infinity, -Infinity, 5e-324]);
    for (;;) {
      const ties = this.chance(0.3);
      const value = ties
        ? this.below(2 ** 20) / 2 ** this.below(20)
        : (this.next() - 0.5) * 10 ** (this.below(24) - 10);
      if (!Number.isInteger(value)) return value;
    }
  }
}
