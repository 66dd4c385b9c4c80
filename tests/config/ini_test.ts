import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { IniDocument, type IniSection } from "../../src/config/ini/ini_document.ts";
import { stringifyIni } from "../../src/config/ini/stringify_ini.ts";
import { pyStrip } from "../../src/core/python/py_space.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";

type Table = Record<string, Record<string, string>>;

/** All options by section, without interpolation. */
function rawTable(document: IniDocument): Table {
  const table: [string, Record<string, string>][] = [];
  for (const [name, section] of document.sections) {
    const options = [...section.entries()];
    table.push([
      name,
      Object.fromEntries(options.map(({ key, value }) => [key, value])),
    ]);
  }
  return Object.fromEntries(table);
}

// The assertions of `@std/assert` on npm have no types, they do not narrow.
function asConfigError(error: unknown): ConfigError {
  if (!(error instanceof ConfigError)) throw error;
  return error;
}

function configError(action: () => unknown): ConfigError {
  return asConfigError(assertThrows(action));
}

function sectionOf(text: string, name: string): IniSection {
  const section = IniDocument.parse(text).get(name);
  if (section === undefined) throw new Error(`no section ${name}`);
  return section;
}

Deno.test("pyStrip strips what Python calls white space", () => {
  const blank =
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
  assertEquals(pyStrip(`${blank}a b${blank}`), "a b");
  assertEquals(pyStrip(blank), "");
  for (const kept of ["\ufeff", "\u200b", "\x1b", "\u180e", "\0"]) {
    assertEquals(pyStrip(kept), kept);
  }
});

Deno.test("IniDocument.parse reads Python's dialect", async (t) => {
  const cases: { desc: string; text: string; table: Table }[] = [
    { desc: "an empty text", text: "", table: {} },
    {
      desc: "both delimiters, the first one separates",
      text: "[a]\nx = 1\ny: 2\nz=a:b=c\nw:a=b",
      table: { a: { x: "1", y: "2", z: "a:b=c", w: "a=b" } },
    },
    {
      desc: "option names in lower case, section names as they are",
      text: "[ A b ]\nMaxBytes = 1",
      table: { " A b ": { maxbytes: "1" } },
    },
    {
      desc: "text after the last ] of a header is ignored",
      text: "[a]b\n[c]d]e\n",
      table: { a: {}, "c]d": {} },
    },
    {
      desc: "comments are whole lines, also indented and inside a value",
      text: "# x\n[a]\n  ; y\nk = 1 # no\n  # z\n  2 ; no\n",
      table: { a: { k: "1 # no\n2 ; no" } },
    },
    {
      desc: "deeper lines continue a value whatever they look like",
      text: "[a]\nk = (1,\n  [b]\n\tx = 2\n  )\nl = 3",
      table: { a: { k: "(1,\n[b]\nx = 2\n)", l: "3" } },
    },
    {
      desc: "a tab is one column",
      text: "[a]\n  k = 1\n\tl = 2\n",
      table: { a: { k: "1", l: "2" } },
    },
    {
      desc: "an indented line after a header is an option",
      text: "[a]\n    k = 1\n",
      table: { a: { k: "1" } },
    },
    {
      desc: "blank lines inside a value stay, trailing ones go",
      text: "[a]\nk =\n  1\n\n  2\n\n\n[b]\n",
      table: { a: { k: "\n1\n\n2" }, b: {} },
    },
    {
      desc: "a carriage return is stripped at the ends and kept inside",
      text: "[a]\r\nk = 1\r\nl = 1\r2\r\n",
      table: { a: { k: "1", l: "1\r2" } },
    },
    {
      desc: "[DEFAULT] feeds all sections, may appear twice and is none",
      text: "[DEFAULT]\nx=1\n[a]\nk=2\n[DEFAULT]\ny=3\n[b]\nx=4\n",
      table: { a: { k: "2", x: "1", y: "3" }, b: { x: "4", y: "3" } },
    },
    {
      desc: "values stay strings",
      text: '[a]\nb=null\nc=true\nd=010\ne="quoted"\nf="\ng=\\n\nh=1e3\ni=',
      table: {
        a: {
          b: "null",
          c: "true",
          d: "010",
          e: '"quoted"',
          f: '"',
          g: "\\n",
          h: "1e3",
          i: "",
        },
      },
    },
    {
      desc: "names that mean something to JavaScript or to @std/ini",
      text: "[__proto__]\n__proto__=1\nconstructor=2\n[//]\n//=1\n[b=c\\]\n'\"\\u0041=2",
      table: Object.fromEntries([
        [
          "__proto__",
          Object.fromEntries([["__proto__", "1"], ["constructor", "2"]]),
        ],
        ["//", Object.fromEntries([["//", "1"]])],
        ["b=c\\", { "'\"\\u0041": "2" }],
      ]),
    },
    {
      desc: "characters that end a line elsewhere",
      text: "[a\u2028b]\nk\u2029l = 1\u2028\u0085\v2\f\u2029\n",
      table: { "a\u2028b": { "k\u2029l": "1\u2028\u0085\v2" } },
    },
    {
      desc: "U+FEFF is no white space",
      text: "[a]\n\ufeffk = \ufeff1\ufeff\n",
      table: { a: { "\ufeffk": "\ufeff1\ufeff" } },
    },
  ];
  for (const { desc, text, table } of cases) {
    await t.step(desc, () => {
      assertEquals(rawTable(IniDocument.parse(text)), table);
    });
  }
});

Deno.test("IniDocument.parse names the place of the first error", async (t) => {
  const cases: {
    desc: string;
    text: string;
    reason: string;
    place: Partial<ConfigError>;
  }[] = [
    {
      desc: "an option before any section",
      text: "\n# c\n  foo = 1\n[a]",
      reason: "before the first [section]",
      place: { line: 3, column: 3, section: undefined },
    },
    {
      desc: "a byte order mark",
      text: "\ufeff[a]\n",
      reason: "byte order mark",
      place: { line: 1, column: 1 },
    },
    {
      desc: "a line without a delimiter",
      text: "[a]\nk=1\nfoo\nbar\n",
      reason: 'Cannot read line: neither a [section] nor an option "key = value": "foo"',
      place: { section: "a", line: 3, key: undefined },
    },
    {
      desc: "an option without a name",
      text: "[a]\n= 1\n",
      reason: "no option name",
      place: { section: "a", line: 2 },
    },
    {
      desc: "an empty header",
      text: "[]\n",
      reason: "before the first [section]",
      place: { line: 1 },
    },
    {
      desc: "a section twice",
      text: "[a]\n[b]\n[a]\n",
      reason: "already at line 1",
      place: { section: "a", line: 3 },
    },
    {
      desc: "an option twice, in another letter case",
      text: "[unused]\nLevel=1\nx=\nlEVEL=2\n",
      reason: "already at line 2",
      place: { section: "unused", key: "level", line: 4 },
    },
    {
      desc: "an option twice in two [DEFAULT]",
      text: "[DEFAULT]\nx=1\n[DEFAULT]\nx=1\n",
      reason: "already at line 2",
      place: { section: "DEFAULT", key: "x", line: 4 },
    },
  ];
  for (const { desc, text, reason, place } of cases) {
    await t.step(desc, () => {
      const error = configError(() => IniDocument.parse(text));
      assertStringIncludes(error.reason, reason);
      for (const [name, value] of Object.entries(place)) {
        assertEquals(error[name as keyof ConfigError], value, name);
      }
    });
  }
});

Deno.test("an IniSection knows its lines and its defaults", () => {
  const text = "[DEFAULT]\nd=1\n\n[a]\n# c\nk = 1\n  2\n10 = x\nl: 3\n";
  const section = sectionOf(text, "a");
  assertEquals(section.name, "a");
  assertEquals(section.line, 4);
  assertEquals([...section.keys()], ["k", "10", "l", "d"]);
  assertEquals([...section.entries()], [
    { key: "k", value: "1\n2", line: 6 },
    { key: "10", value: "x", line: 8 },
    { key: "l", value: "3", line: 9 },
    { key: "d", value: "1", line: 2 },
  ]);
  assertEquals(section.lineOf("l"), 9);
  assertEquals(section.lineOf("d"), 2);
  assertEquals(section.lineOf("m"), undefined);
  assert(section.has("d") && section.has("K") && !section.has("constructor"));
  assertEquals(section.value("m"), undefined);
  assertEquals(section.raw("toString"), undefined);
  assertEquals(IniDocument.parse(text).get("DEFAULT"), undefined);
});

Deno.test("IniSection.value expands references lazily", async (t) => {
  const text = [
    "[DEFAULT]",
    "dir = /var",
    "who = %(name)s",
    "[a]",
    "name = A%%",
    "path = %(DIR)s/%(who)s.log",
    "missing = x%(nope)s",
    "needs = %(missing)s",
    "percent = 5%",
    "open = %(dir",
    "loop = %(loop)s",
    "format = %(asctime)s %(message)s",
    ...Array.from(
      { length: 12 },
      (_, i) => `n${i} = ${i < 11 ? `%(n${i + 1})s` : "x%%"}`,
    ),
    "b1 = %(b2)s",
    "b2 = " + "%(b3)s".repeat(200),
    "b3 = " + "%(dir)s%%".repeat(200),
  ].join("\n");
  const section = sectionOf(text, "a");
  const cases: { desc: string; key: string; value?: string; reason?: string }[] = [
    { desc: "nested references", key: "path", value: "/var/A%.log" },
    { desc: "an unknown name", key: "missing", reason: 'no option "nope"' },
    {
      desc: "an unknown name one level down",
      key: "needs",
      reason: 'needed by option "needs"',
    },
    { desc: "a lone percent sign", key: "percent", reason: 'followed by "%"' },
    { desc: "an open reference", key: "open", reason: 'like "%(name)s"' },
    { desc: "a loop", key: "loop", reason: "deeper than 10" },
    { desc: "ten levels", key: "n2", value: "x%" },
    { desc: "eleven levels", key: "n1", reason: "deeper than 10" },
    { desc: "a bomb", key: "b1", reason: "more than 1000 references" },
  ];
  for (const { desc, key, value, reason } of cases) {
    await t.step(desc, () => {
      if (reason === undefined) {
        assertEquals(section.value(key), value);
        return;
      }
      const error = configError(() => section.value(key));
      assertStringIncludes(error.reason, reason);
      assertEquals(error.section, "a");
      assertEquals(error.line, section.lineOf(error.key ?? ""));
    });
  }
  await t.step("raw values are left alone", () => {
    assertEquals(section.raw("format"), "%(asctime)s %(message)s");
  });
});

Deno.test("stringifyIni prints what IniDocument reads back", () => {
  const text = stringifyIni([
    ["loggers", [["keys", "root,app"]]],
    ["formatter_plain", [["format", "%(message)s"], ["datefmt", "%H"]]],
    ["handler_file", [
      ["class", "FileHandler"],
      ["args", "('100%.log',\n\n 'a',)".replaceAll("\n ", "\n")],
      ["10", ""],
    ]],
    ["10", []],
  ]);
  assertEquals(
    text,
    `[loggers]
keys=root,app

[formatter_plain]
format=%(message)s
datefmt=%H

[handler_file]
10=
class=FileHandler
args=('100%%.log',

    'a',)

[10]
`,
  );
  const section = IniDocument.parse(text).get("handler_file");
  assertEquals(section?.value("args"), "('100%.log',\n\n'a',)");
});

Deno.test("stringifyIni refuses what the format cannot hold", async (t) => {
  const cases: { desc: string; section?: string; key?: string; value?: string }[] = [
    { desc: "blanks in front", value: " a" },
    { desc: "blanks behind", value: "a\u3000" },
    { desc: "a line end behind", value: "a\n" },
    { desc: "a comment inside", value: "a\n# b" },
    { desc: "an indented line", value: "a\n  b" },
    { desc: "a carriage return", value: "a\rb" },
    { desc: "a name in upper case", key: "Level" },
    { desc: "a name with a delimiter", key: "a:b" },
    { desc: "a name that looks like a comment", key: ";a" },
    { desc: "a name that makes a header", key: "[a", value: "b]" },
    { desc: "an empty name", key: "" },
    { desc: "an empty section name", section: "" },
    { desc: "a line end in a section name", section: "a\nb" },
  ];
  for (const { desc, section = "a", key = "k", value = "v" } of cases) {
    await t.step(desc, () => {
      const error = configError(() => stringifyIni([[section, [[key, value]]]]));
      assertEquals(error.section, section);
    });
  }
  await t.step("a section twice", () => {
    configError(() => stringifyIni([["a", []], ["a", []]]));
  });
  await t.step("an option twice", () => {
    configError(() => stringifyIni([["a", [["k", "1"], ["k", "2"]]]]));
  });
});
