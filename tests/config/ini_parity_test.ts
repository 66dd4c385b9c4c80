import { assert, assertEquals } from "@std/assert";
import { IniDocument } from "../../src/config/ini/ini_document.ts";
import { stringifyIni } from "../../src/config/ini/stringify_ini.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { askPython, Random, testSeed } from "../harness/python_oracle.ts";

// The assertions of `@std/assert` on npm have no types, they do not narrow.
function asConfigError(error: unknown): ConfigError {
  if (!(error instanceof ConfigError)) throw error;
  return error;
}

const ORACLE = String.raw`
import configparser, io, json
def read(text, newline):
    cp = configparser.ConfigParser()
    try:
        cp.read_file(io.StringIO(text, newline=newline))
    except configparser.MissingSectionHeaderError as e:
        return {"error": "missing", "line": e.lineno}
    except configparser.ParsingError as e:
        return {"error": "parsing", "line": e.errors[0][0]}
    except configparser.Error as e:
        return {"error": "duplicate", "line": e.lineno}
    def value(section, key):
        try:
            return cp.get(section, key)
        except configparser.InterpolationError as e:
            return {"error": type(e).__name__}
    return {"sections": [[s, [[k, cp.get(s, k, raw=True), value(s, k)]
        for k in cp.options(s)]] for s in cp.sections()]}
job = json.load(sys.stdin)
print(json.dumps({"texts": [read(t, "\n") for t in job["texts"]],
    "printed": [read(t, None) for t in job["printed"]]}))
`;

interface Answer {
  readonly error?: "missing" | "parsing" | "duplicate";
  readonly line?: number;
  readonly sections?: [string, [string, string, string | { error: string }][]][];
}

const SPACES = [" ", " ", "  ", "\t", "\r", "\x1c", "\x85", "\xa0", "\u3000", "\ufeff", "\f"];
const WORDS = [
  ...("a b Ab true 010 null __proto__ constructor é İ ΑΣ 😀 \ufeff \u2028 'x' \\n // # ; [ ] " +
    "[a] %% %(a)s %(B)s %(ab)s %(d)s %(zz)s %(k1)s %(k2)s % %( = : \0 \x1b").split(" "),
  '"',
];
const NAMES = [
  ...("a b AB d k1 K2 k3 k4 k5 10 __proto__ É [x x] \ufeff %(a)s // ΣΑΣ").split(" "),
  "a b",
  "",
];
const HEADERS = [
  ...("[a] [b] [c] [A] [DEFAULT] [DEFAULT] [a]b [10] [2] [__proto__] [é] [e]] [[f] [g#] [] " +
    "[h [default] [j=1]").split(" "),
  "[ d ]",
  "[ ]",
  "[i] ; c",
];

function randomText(random: Random): string {
  const lines: string[] = [];
  if (random.chance(0.95)) lines.push(random.pick(["[s]", "[a]", "[DEFAULT]"]));
  for (let i = random.below(10); i >= 0; i--) lines.push(randomLine(random));
  return lines.join(random.chance(0.1) ? "\r\n" : "\n") + random.pick(["", "\n", "\n\n"]);
}

function randomLine(random: Random): string {
  const indent = random.chance(0.25) ? spaces(random) : "";
  const kind = random.below(100);
  if (kind < 12) return indent + random.pick(HEADERS);
  if (kind < 20) return indent + random.pick(["#", ";"]) + words(random);
  if (kind < 28) return indent;
  if (kind < 45) return " ".repeat(1 + random.below(4)) + indent + words(random);
  if (kind < 47) return indent + words(random);
  const name = random.chance(0.7) ? `k${random.below(40)}` : random.pick(NAMES);
  const equals = random.pick(["=", ":", " = ", spaces(random) + "=" + spaces(random)]);
  return indent + name + equals + words(random);
}

function spaces(random: Random): string {
  return Array.from({ length: random.below(4) }, () => random.pick(SPACES)).join("");
}

function words(random: Random): string {
  const parts: string[] = [];
  for (let i = random.below(4); i > 0; i--) {
    parts.push(random.pick(WORDS), random.chance(0.3) ? random.pick(SPACES) : "");
  }
  return parts.join("");
}

type Sections = [string, [string, string][]][];

function randomSections(random: Random): Sections {
  return Array.from({ length: random.below(3) }, () => [
    random.pick(["a", "b", "c d", "10", "2", "__proto__", "é]", "[x", "#", " e "]),
    Array.from({ length: random.below(3) }, () => [
      random.pick(["format", "style", "k", "level", "10", "__proto__", "é", "[x", "a b", "//"]),
      Array.from(
        { length: random.below(4) },
        () => random.pick([...WORDS, "x", "y", "z", "\n", "\n", "%"]),
      ).join(""),
    ]),
  ]);
}

/** What our reader does with a text, in the words of the Python program. */
function ourAnswer(text: string): Answer {
  try {
    const sections = [...IniDocument.parse(text).sections.values()];
    return {
      sections: sections.map((section) => [
        section.name,
        [...section.entries()].map(({ key, value }) => {
          assertEquals(section.raw(key), value);
          return [key, value, ourValue(() => section.value(key) ?? "")];
        }),
      ]),
    };
  } catch (error) {
    const { reason, line = 0 } = asConfigError(error);
    const kind = /before the first|byte order mark/.test(reason)
      ? "missing"
      : /already/.test(reason)
      ? "duplicate"
      : "parsing";
    return { error: kind, line };
  }
}

function ourValue(read: () => string): string | { error: string } {
  try {
    return read();
  } catch (error) {
    const { reason } = asConfigError(error);
    const kind = /no option/.test(reason)
      ? "MissingOption"
      : /deeper/.test(reason)
      ? "Depth"
      : "Syntax";
    return { error: `Interpolation${kind}Error` };
  }
}

Deno.test("IniDocument and stringifyIni agree with Python's configparser", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  const texts = Array.from({ length: 6000 }, () => randomText(random));
  const printed: { sections: Sections; text: string }[] = [];
  for (let i = 0; i < 3000; i++) {
    const sections = randomSections(random);
    try {
      printed.push({ sections, text: stringifyIni(sections) });
    } catch (error) {
      asConfigError(error);
    }
  }
  const answer = await askPython(ORACLE, {
    texts,
    printed: printed.map(({ text }) => text),
  });
  if (answer === undefined) return;
  const theirs = answer as { texts: Answer[]; printed: Answer[] };

  let read = 0;
  for (const [i, text] of texts.entries()) {
    const their = theirs.texts[i];
    let our = ourAnswer(text);
    if (our.sections) read++;
    // CPython stops at a duplicate, but collects the lines that it cannot read.
    if (
      our.error === "parsing" && their?.error === "duplicate" &&
      (our.line ?? 0) < (their.line ?? 0)
    ) our = their;
    assertEquals(our, their, `seed ${seed}, text ${JSON.stringify(text)}`);
  }
  for (const [i, { sections, text }] of printed.entries()) {
    const message = `seed ${seed}, printed ${JSON.stringify(text)}`;
    const values = theirs.printed[i]?.sections?.map(([name, options]) => [
      name,
      options.map(([key, raw, value]) => [
        key,
        ["format", "style"].includes(key) ? raw : value,
      ]).sort(),
    ]);
    const sorted = sections.map(([name, options]) => [name, options.sort()]);
    assertEquals(values, sorted, message);
  }
  // Else the generators would not test much.
  assert(read > 1500 && read < 5000, `${read} texts without error`);
  assert(printed.length > 1000, `${printed.length} printed`);
});
