import { assertEquals } from "@std/assert";
import { DECODE_PYTHON, Random } from "../../harness/python_oracle.ts";
import type { FormatParts } from "../../../src/core/format/format_parts.ts";
import { compileFormat, type Style } from "../../../src/core/format/compile_format.ts";
import { pyRepr, pythonError } from "../../../src/core/python/py_repr.ts";
import type { LogRecord } from "../../../src/core/records/log_record.ts";
import { type ReadField, RecordLine } from "../../../src/core/formatters/record_line.ts";
import { type Outcome, outcome } from "./percent_cases.ts";

/** `validated` is what refused the format, `usesTime` whether it asks for the time. */
export type Report = { validated: Outcome } | { usesTime: boolean; text: Outcome };

type Fields = Readonly<Record<string, unknown>>;

/** A format, and the record for it. */
export interface StyleCase {
  readonly format: string;
  readonly style: Style;
  readonly validate: boolean;
  readonly record: Fields;
}

/** Reads a field that the record has been given. */
export function readField(record: Fields, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  throw pythonError("KeyError", pyRepr(name));
}

/** The line as a formatter makes it; twice, since the second takes its beginning from the first. */
export function render(format: FormatParts, fields: Fields): Outcome {
  const line = RecordLine.of(format);
  const record = fields as unknown as LogRecord;
  const read: ReadField = (_record, name) => readField(fields, name);
  const first = outcome(() => line.render(record, read));
  assertEquals(outcome(() => line.render(record, read)), first);
  return first;
}

/** What compiling and formatting give. */
export function report({ format, style, validate, record }: StyleCase): Report {
  const validated = outcome(() => {
    compileFormat(format, style, validate);
    return "";
  });
  if (validated !== "") return { validated };
  const compiled = compileFormat(format, style, validate);
  return { usesTime: compiled.usesTime, text: render(compiled, record) };
}

/** Formats records by CPython. */
export const STYLE_PROGRAM = `
import json, logging, sys
${DECODE_PYTHON}
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
print(json.dumps([run(*c) for c in cases]))
`;

const FIELDS = ["message", "name", "levelno", "msecs", "created", "list", "dict", "asctime"];
const TEXTS = ["", "hello", "it's", "é😀\n", "a".repeat(12)];

/** Random cases. */
export class StyleCases extends Random {
  case(): StyleCase {
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
      if (this.chance(0.2)) spec += this.pick([",", "_", "_", ",_", "_,"]);
    } else if (this.chance(0.03)) {
      spec += this.pick(["._", ".,", ".,_"]);
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
      levelno: this.integer(),
      msecs: this.below(1000),
      created: this.#float(),
      list: [1, "b", 2.5],
      dict: { key: "value" },
      width: this.below(20),
    };
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
