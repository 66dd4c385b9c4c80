import { assert, assertEquals } from "@std/assert";
import { logdial } from "../harness/command_line.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const GOOD = taggedConfig("X", "DEBUG");

/** A file as web frameworks have them, shared with others. */
const SHARED = `[DEFAULT]\nowner = me\n[app:main]\nuse = egg:app\n${GOOD}`
  .replace("class = StreamHandler", "class = FileHandler")
  .replace("(sys.stdout,)", "('%(here)s/app.log',)");

interface CheckCase {
  readonly desc: string;
  readonly text: string;
  /** Further words of the command line. */
  readonly args?: readonly string[];
  readonly code: number;
  readonly shows: readonly string[];
  readonly hides?: string;
}

const CASES: CheckCase[] = [
  {
    desc: "a file that others share",
    text: SHARED,
    args: ["--default", "here=/srv"],
    code: 0,
    shows: ["is good"],
    hides: "means nothing",
  },
  {
    desc: "a value that only the program knows",
    text: SHARED,
    code: 2,
    shows: ['no option "here"', "--default here=VALUE"],
  },
  { desc: "a good one", text: GOOD, code: 0, shows: ["is good"] },
  {
    desc: "a misspelt key",
    text: GOOD.replace("handlers = console\n", "handler = console\n"),
    code: 2,
    shows: [
      ':18: error: Cannot find key "handlers"',
      '    hint: is "handler" meant to be it?',
      ':20: warning: Key "handler" means nothing here',
      "    handler = console\n    ^\n",
      '    hint: did you mean "handlers"?',
    ],
  },
  {
    desc: "a misspelt section",
    text: GOOD.replace("[handlers]", "[handler]"),
    code: 2,
    shows: [
      "Cannot find section [handlers]",
      ":4: warning: Section [handler] means",
      '"handlers"?',
    ],
  },
  {
    desc: "a misspelt class",
    text: GOOD.replace("StreamHandler", "StreamHandlr"),
    code: 2,
    shows: [
      ':14: error: Unknown handler class "StreamHandlr", did you mean "StreamHandler"?',
      "    class = StreamHandlr\n    ^",
    ],
  },
  {
    desc: "a misspelt class with its module",
    text: GOOD.replace("StreamHandler", "logging.StreamHandlr"),
    code: 2,
    shows: [':14: error: Unknown handler class "logging.StreamHandlr"', '"logging.StreamHandler"?'],
  },
  {
    desc: "a misspelt class of logdial's own",
    text: GOOD.replace("StreamHandler", "logdial.RingHandlr"),
    code: 2,
    shows: [':14: error: Unknown handler class "logdial.RingHandlr"', '"logdial.RingHandler"?'],
  },
  {
    desc: "a class that only a program can know",
    text: GOOD.replace("StreamHandler", "app.log.MailHandler"),
    code: 0,
    shows: [
      ':14: warning: Class "app.log.MailHandler" needs registerHandler("app.log.MailHandler", …)',
      "is good",
    ],
  },
  {
    desc: "a class that has a stand-in",
    text: GOOD.replace("StreamHandler", "app.log.MailHandler"),
    args: ["--unknown-class", "stand-in"],
    code: 0,
    shows: [
      ':14: warning: logging.StreamHandler stands in for class "app.log.MailHandler", which needs ' +
      'registerHandler("app.log.MailHandler", …) in the program',
      "is good",
    ],
  },
  {
    desc: "everything at once",
    text: GOOD.replace("handlers = console\n", "handlers = console,file\n")
      .replace("level = DEBUG", "level = DEBGU")
      .replace("(sys.stdout,)", "()\nkwargs = {'strm': sys.stdout}")
      .replace("formatter = ", "formatter = other"),
    code: 2,
    shows: [
      'Cannot find handler "file": defined are console',
      'Cannot set the level: unknown level "DEBGU", did you mean "DEBUG"?',
      'logging.StreamHandler has no argument "strm", it takes stream?',
      'Cannot find formatter "other',
    ],
  },
  {
    desc: "a format that is none",
    text: GOOD.replace(/format = .*/, "format = {message}\nstyle = %"),
    code: 2,
    shows: ['Cannot build formatter "'],
  },
  {
    desc: "a file, which is neither opened nor emptied",
    text: GOOD.replace("class = StreamHandler", "class = FileHandler")
      .replace("(sys.stdout,)", "('/nowhere/app.log', 'w')"),
    code: 0,
    shows: [
      ':15: warning: Cannot build handler "console": on this machine, "/nowhere/app.log" cannot be ' +
      "opened: its folder does not exist",
      "is good",
    ],
  },
  {
    desc: "files that no machine, or only the program's own, can open",
    text: JSON.stringify(
      {
        version: 1,
        handlers: {
          folder: { class: "logging.FileHandler", filename: "/" },
          below: { class: "logging.FileHandler", filename: "/dev/null/app.log" },
          late: { class: "logging.FileHandler", filename: "/nowhere/app.log", delay: true },
          relative: { class: "logging.FileHandler", filename: "nowhere/app.log" },
        },
      },
      null,
      2,
    ),
    code: 0,
    shows: [
      'handler "folder": on this machine, "/" cannot be opened: it is a folder',
      '"/dev/null/app.log" cannot be opened: a part of its path is no folder',
    ],
    hides: "nowhere",
  },
  {
    desc: "a file that is where the program finds out",
    text: GOOD.replace("class = StreamHandler", "class = FileHandler")
      .replace("(sys.stdout,)", "(os.getcwd() + '/nowhere/app.log',)"),
    code: 0,
    shows: ["is good"],
    hides: "warning",
  },
  {
    desc: "a line that is too long to be shown whole",
    text: `{"version": 1, "x": "${"x".repeat(300)}", "handlrs": {}, "y": "${"y".repeat(300)}"}`,
    code: 0,
    shows: [`    …${"x".repeat(100)}`],
    hides: "y".repeat(200),
  },
  {
    desc: "a dict with a slip of JSON",
    text: '{\n  "version": 1,\n  "root": {"level": "INFO",}\n}\n',
    code: 2,
    shows: [":3: error: Cannot read JSON: Expected double-quoted property name", '"INFO",}\n'],
  },
  {
    desc: "a dict that ends too early",
    text: '{"version": 1,\n "root": {"level": "INFO"}\n',
    code: 2,
    shows: [":2: error: Cannot read JSON:"],
  },
  {
    desc: "levels of a change that is incremental",
    text: '{"version": 1, "incremental": true, "root": {"level": "INOF"}}',
    code: 2,
    shows: ['unknown level "INOF"'],
  },
  {
    desc: "args that do not end",
    text: GOOD.replace("(sys.stdout,)", "(sys.stdout,"),
    code: 2,
    shows: [":15: error:", '")" is missing', "    args = (sys.stdout,\n                       ^"],
  },
  {
    desc: "a mistake behind characters that take two columns",
    text: GOOD.replace("(sys.stdout,)", "('\u{1f600}\u{1f600}', nosuch)"),
    code: 2,
    shows: [`    args = ('\u{1f600}\u{1f600}', nosuch)\n${" ".repeat(20)}^`],
  },
  {
    desc: "a line that is nothing",
    text: `${GOOD}  \nfoo bar\n`,
    code: 2,
    shows: ["error: Cannot read line", "    foo bar\n    ^"],
  },
  {
    desc: "a duration that is none",
    text: `${GOOD}\n[logdial]\nexpires = soon\n`,
    code: 2,
    shows: ['Cannot read duration "soon"'],
  },
  {
    desc: "keys of a dict",
    text: '{"version": 1, "handlrs": {}, "root": {"handler": []}}',
    code: 0,
    shows: ['Key "handlrs" means', 'Key "handler" of "root" means', 'did you mean "handlers"?'],
  },
];

Deno.test("check points at what is wrong, and says what may be meant", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [index, { desc, text, args = [], code, shows, hides }] of CASES.entries()) {
      await t.step(desc, async () => {
        const file = `${folder}/${index}.conf`;
        await Deno.writeTextFile(file, text);
        const result = await logdial(["check", file, ...args], { allow: ["--allow-read"] });
        assertEquals([result.code, result.stderr], [code, ""], result.stdout);
        for (const part of shows) assert(result.stdout.includes(part), `${part}\n${result.stdout}`);
        if (hides !== undefined) assert(!result.stdout.includes(hides), result.stdout);
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("check --json gives all findings with their places", async () => {
  const file = await Deno.makeTempFile({ suffix: ".conf" });
  try {
    await Deno.writeTextFile(file, GOOD.replace("level = DEBUG", "level = DEBGU"));
    const { code, stdout } = await logdial(["check", file, "--json"], { allow: ["--allow-read"] });
    assertEquals(code, 2);
    const [finding, ...others] = JSON.parse(stdout).findings;
    assertEquals([finding.severity, finding.line, others], ["error", 19, []]);
  } finally {
    await Deno.remove(file);
  }
});
