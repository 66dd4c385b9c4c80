import { assertEquals } from "@std/assert";
import { compileFormat, type Style } from "../../../src/core/format/compile_format.ts";
import type { Outcome } from "./percent_cases.ts";
import { readField, render, report } from "./style_cases.ts";

const RECORD = {
  message: "hello",
  name: "app",
  levelname: "INFO",
  levelno: 20,
  msecs: 7,
  created: 1700000000.123456,
  width: 8,
  below: -20,
  ratio: -0.5,
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
    {
      desc: "numbers below zero",
      style: "{",
      format: "{below:06} {below:=6} {below:_^7} {below:#06x} {ratio:07.2f} {ratio:%}|{below:<6}|",
      expected: "-00020 -   20 __-20__ -0x014 -000.50 -50.000000%|-20   |",
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

Deno.test("digits behind the point are grouped, where formats are not validated", () => {
  const cases: [format: string, expected: Outcome][] = [
    ["{created:,.6_f} {created:._g} {levelno:.7,f}", "1,700,000,000.123_456 1.7e+09 20.000,000,0"],
    ["{created:.3,_f}", ["ValueError", "Cannot specify both ',' and '_'."]],
    ["{created:.3_n}", ["ValueError", "Cannot specify '_' with 'n'."]],
  ];
  for (const [format, expected] of cases) {
    assertEquals(render(compileFormat(format, "{", false), RECORD), expected, format);
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
