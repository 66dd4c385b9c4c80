import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { fillDefaults } from "../../src/config/ini/fill_defaults.ts";
import { readNamedText } from "../../src/config/text/read_yaml.ts";
import { parseIniTable } from "../../src/config/ini/ini_document.ts";
import { ForeignService } from "../harness/foreign_service.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const GOOD = taggedConfig("X", "DEBUG");
const IN_PLACE = GOOD.replace("class = StreamHandler", "class = FileHandler")
  .replace("(sys.stdout,)", "('%(here)s/app.log', 'w')");

const YAML = `version: 1
disable_existing_loggers: no
formatters:
  plain: &plain
    format: "%(message)s"
handlers:
  console:
    class: logging.StreamHandler
    formatter: plain
    stream: ext://sys.stdout
    level: ERROR
loggers:
  app.db: {level: DEBUG, propagate: off, handlers: [console]}
root:
  level: INFO
  handlers: [console]
`;

/** A folder with some files. */
class Folder implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "logdial_" });

  write(name: string, content: string): string {
    Deno.writeTextFileSync(`${this.path}/${name}`, content);
    return `${this.path}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** What a file does not get past. */
const WRONG: { desc: string; name: string; text: string; says: string }[] = [
  {
    desc: "a misspelt class",
    name: "a.conf",
    text: GOOD.replace("StreamHandler", "StreamHandlr"),
    says: 'did you mean "StreamHandler"?',
  },
  {
    desc: "a handler that is not there",
    name: "b.conf",
    text: GOOD.replace("handlers = console", "handlers = console,file"),
    says: 'Cannot find handler "file"',
  },
  {
    desc: "a misspelt level",
    name: "c.conf",
    text: taggedConfig("X", "DEBGU"),
    says: 'unknown level "DEBGU"',
  },
  {
    desc: "an argument that is not taken",
    name: "d.json",
    text: '{"version": 1, "handlers": {"f": {"class": "logging.FileHandler", "fname": "x"}}}',
    says: 'has no argument "fname"',
  },
  {
    desc: "a value that only the program has",
    name: "e.ini",
    text: IN_PLACE,
    says: "--default here=VALUE",
  },
  { desc: "a slip of JSON", name: "f.json", text: '{"version": 1,}', says: "Cannot read JSON" },
  {
    desc: "JSON that begins with a comment",
    name: "m.json",
    text: '// Ours\n{"version": 1}',
    says: "m.json:1: error: Cannot read JSON",
  },
  {
    desc: "JSON that begins with a comment, by another name",
    name: "n.conf",
    text: '/* Ours */\n{"version": 1}',
    says: "hint: this looks like JSON with comments, and JSON has none",
  },
  { desc: "JSON of something else", name: "o.json", text: "[1]", says: "it must be an object" },
  { desc: "JSON of nothing", name: "p.json", text: "", says: "p.json:1: error: Cannot read JSON" },
  {
    desc: "YAML by another name",
    name: "q.conf",
    text: "version: 1\nroot: {}\n",
    says: "hint: this looks like YAML, which is read from files called .yaml or .yml",
  },
  { desc: "a file of nothing", name: "r.conf", text: "", says: "an empty configuration" },
  {
    desc: "YAML that tabs indent",
    name: "tab.yaml",
    text: "version: 1\nhandlers:\n\th: 1\n",
    says: "tab.yaml:3: error: Cannot read YAML: a tab may not indent a line, use blanks",
  },
  ...[1100, 20_000].flatMap((depth) => [
    {
      desc: `JSON of ${depth} levels`,
      name: "deep.json",
      text: `{"version": 1, "x":\n${"[".repeat(depth)}${"]".repeat(depth)}}`,
      says: "deep.json:2: error: Cannot read JSON: it nests deeper than 1000 levels",
    },
    {
      desc: `YAML of ${depth} levels`,
      name: "deep.yaml",
      text: `version: 1\nx: ${"[".repeat(depth)}${"]".repeat(depth)}\n`,
      says: "deep.yaml: error: Cannot read YAML: it nests deeper than 1000 levels",
    },
  ]),
  { desc: "YAML of nothing", name: "s.yaml", text: "", says: "it must be a dict" },
  {
    desc: "a slip of YAML",
    name: "g.yaml",
    text: "version: 1\nroot:\n  level: [INFO\n",
    says: "g.yaml:3: error: Cannot read YAML",
  },
  {
    desc: "a key of YAML twice",
    name: "h.yml",
    text: "version: 1\nroot: {}\nroot: {}\n",
    says: "h.yml:3: error: Cannot read YAML",
  },
  {
    desc: "YAML of something else",
    name: "i.yaml",
    text: "- version\n",
    says: "it must be a dict",
  },
  {
    desc: "YAML that is in itself",
    name: "j.yaml",
    text: "version: 1\nroot: &r\n  filters: [*r]\n",
    says: "Cannot read YAML",
  },
  {
    desc: "YAML that grows without end",
    name: "k.yaml",
    text: "version: 1\na: &a [1,2,3,4,5,6,7,8,9]\n" +
      "bcdef".split("").map((name, at) =>
        `${name}: &${name} [${Array(9).fill(`*${"abcde"[at]}`).join(",")}]\n`
      ).join(""),
    says: "it has more than 100000 values",
  },
  {
    desc: "a misspelt level in YAML",
    name: "l.yaml",
    text: YAML.replace("level: ERROR", "level: EROR"),
    says: 'l.yaml:11: error: Cannot set the level: unknown level "EROR"',
  },
];

Deno.test("send and diff refuse a file in the words of check, and nothing goes out", async (t) => {
  using ports = PortBlock.claim(1);
  await using listener = new ForeignService(ports.first, "reads, then closes");
  await using folder = new Folder();
  for (const { desc, name, text, says } of WRONG) {
    await t.step(desc, async () => {
      const file = folder.write(name, text);
      const checked = await runCommand(["check", file]);
      assertEquals([checked.code, checked.stderr], [2, ""]);
      assert(checked.stdout.includes(says), checked.stdout);
      for (const command of ["send", "diff"]) {
        const { code, stdout, stderr } = await runCommand([command, file, "--port", ports.text]);
        assertEquals([code, stdout], [2, ""]);
        const [first, ...others] = stderr.split("\n");
        assert(/^logdial: .*, it has (an error|\d+ errors): nothing was sent$/.test(first!), first);
        assertEquals(others.join("\n"), checked.stdout);
      }
    });
  }
  assertEquals(listener.received, "");
});

Deno.test("--default puts values into what send sends, and leaves all else as it is", async () => {
  using ports = PortBlock.claim(1);
  await using listener = new ForeignService(ports.first, "reads, then closes");
  await using folder = new Folder();
  const text = `# My file\n${IN_PLACE}`;
  const file = folder.write("own.conf", text);
  const args = ["--port", ports.text, "--default", `here=${folder.path}/a,b`];
  const { code, stderr } = await runCommand(["send", file, ...args]);
  // A listener that says nothing has taken it.
  assertEquals([code, stderr], [4, ""]);
  const filled = fillDefaults(text, parseIniTable(text), { here: `${folder.path}/a,b` });
  assert(filled.includes(`('${folder.path}/a,b/app.log', 'w')`), filled);
  assert(listener.received.includes(filled.trimEnd()), listener.received);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["own.conf"]);
});

Deno.test("a slip of YAML is told where it stands, and texts that want quotes as that", async (t) => {
  const twice = "Cannot store mapping pair: duplicated key";
  const slips: [text: string, says: RegExp, line: number, column: number][] = [
    [`${YAML}root:\n  handlers: [console]\n`, RegExp(`${twice}$`), 17, 1],
    [
      YAML.replace('"%(message)s"', "%(message)s"),
      /, a text that begins with "%" stands in q/,
      5,
      13,
    ],
    [
      YAML.replace('"%(message)s"', "[%(name)s] x"),
      /, a text that begins with "\[" stands in q/,
      5,
      14,
    ],
    [
      YAML.replace('"%(message)s"', "time: x"),
      /, a text that has ": " in it stands in quotes$/,
      5,
      17,
    ],
    [`${YAML}<<: *nobody\n`, /unidentified alias "nobody"$/, 17, 12],
  ];
  for (const [text, says, line, column] of slips) {
    await t.step(String(says), async () => {
      const error = await assertRejects(() => readNamedText("a.yaml", text), ConfigError);
      assertMatch(error.reason, says);
      assertEquals([error.line, error.column], [line, column]);
    });
  }
});

Deno.test("yes and no are true and false where Python's YAML has it so, whatever takes them", async () => {
  const words = ["reset: no", "json_ensure_ascii: No", "use_colors: off", "no_color: yes"];
  const json = await readNamedText("a.yaml", `version: 1\nformatters: {f: {${words.join(", ")}}}`);
  assertEquals(JSON.parse(json).formatters.f, {
    ...{ reset: false, json_ensure_ascii: false, use_colors: false, no_color: true },
  });
});

Deno.test("YAML travels as JSON, which every listener reads", async () => {
  using ports = PortBlock.claim(1);
  await using listener = new ForeignService(ports.first, "reads, then closes");
  await using folder = new Folder();
  const file = folder.write("my.YAML", YAML);
  const checked = await runCommand(["check", file]);
  assertEquals(checked, { code: 0, stdout: `${file} is good`, stderr: "" });
  const { code, stderr } = await runCommand(["send", file, "--port", ports.text]);
  assertEquals([code, stderr], [4, ""]);
  const { logdial, ...dict } = JSON.parse(listener.received.replace(/^[^{]*/, ""));
  assertEquals(logdial.label, "my.YAML");
  assertEquals(dict, {
    version: 1,
    disable_existing_loggers: false,
    formatters: { plain: { format: "%(message)s" } },
    handlers: {
      console: {
        class: "logging.StreamHandler",
        formatter: "plain",
        stream: "ext://sys.stdout",
        level: "ERROR",
      },
    },
    loggers: { "app.db": { level: "DEBUG", propagate: false, handlers: ["console"] } },
    root: { level: "INFO", handlers: ["console"] },
  });
});

Deno.test("what get prints as JSON is sent as it is, the reason before it included", async () => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const targets = ["--ports", program.ports.text];
  assertEquals((await runCommand(["set", "root=off", ...targets])).code, 0);
  // What has been done is told as it was typed.
  assertStringIncludes((await runCommand(["history", ...targets])).stdout, "set root=off");
  const { stdout } = await runCommand(["get", ...targets]);
  assertMatch(stdout, /^# Cannot print level 1000[^\n]*\n\{/);
  await using folder = new Folder();
  for (const name of ["running.conf", "running.json"]) {
    const file = folder.write(name, `${stdout}\n`);
    const { code, stdout: told } = await runCommand(["send", file, ...targets]);
    assertEquals(code, 0, told);
    const broken = folder.write(name, stdout.replace('"version": 1', '"version": 7'));
    assertStringIncludes((await runCommand(["check", broken])).stdout, `${name}:3: error`);
  }
});

Deno.test("what only the program can know is sent, since the listener knows", async (t) => {
  using ports = PortBlock.claim(1);
  await using folder = new Folder();
  const cases = [
    { desc: "a class", text: GOOD.replace("StreamHandler", "app.log.OwnHandler") },
    { desc: "a level", text: taggedConfig("X", "AUDIT") },
    { desc: "a name", text: GOOD.replace("sys.stdout", "app.stream") },
    { desc: "a variable", text: GOOD.replace("sys.stdout", "STREAM") },
    { desc: "a name in a dict", text: '{"version":1,"root":{"level":"ext://app.level"}}' },
  ];
  for (const { desc, text } of cases) {
    await t.step(desc, async () => {
      await using listener = new ForeignService(ports.first, "reads, then closes");
      const file = folder.write("own.conf", text);
      const { code, stderr } = await runCommand(["send", file, "--port", ports.text]);
      assertEquals([code, stderr], [4, ""]);
      assert(listener.received.includes(text.slice(0, 20)), listener.received);
    });
  }
});

Deno.test("a key that means nothing is told, and the file is sent", async () => {
  using ports = PortBlock.claim(1);
  await using listener = new ForeignService(ports.first, "reads, then closes");
  await using folder = new Folder();
  const file = folder.write("own.conf", GOOD.replace("formatter = tagged", "formater = tagged"));
  const { code, stderr } = await runCommand(["send", file, "--port", ports.text]);
  assertEquals(code, 4);
  assert(stderr.includes('own.conf:16: warning: Key "formater" means nothing here'), stderr);
  assert(listener.received.includes("formater = tagged"), listener.received);
});
