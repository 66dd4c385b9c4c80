import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ConfigError, fileConfig, getLogger } from "../../mod.ts";
import type { FileHandler, RotatingFileHandler } from "../../mod.ts";
import { pureName } from "../../src/config/literal/pure_names.ts";
import { parseLiteral } from "../../src/config/literal/parse_literal.ts";
import { explainConfig } from "../../src/config/check/explain_config.ts";
import { defaultManager } from "../../src/core/loggers/manager.ts";
import { prepareConfig } from "../../src/config/apply/configurator.ts";
import { defaultRegistry } from "../../src/config/build/registry.ts";
import { parseIniConfig, readIniTable } from "../../src/config/ini/read_ini_config.ts";
import { importFlags } from "../harness/project.ts";
import { askPython } from "../harness/python_oracle.ts";
import { inFolder } from "../handlers/in_folder.ts";

const ENV: Readonly<Record<string, string>> = {
  APP_LOGS: "/srv/logs",
  COUNT: "5",
  HOME: "/home/kim",
};

/** What the program has around it, in these tests. */
const AROUND = { cwd: () => "/srv/app", variable: (name: string) => ENV[name] };

function read(text: string): unknown {
  return parseLiteral(text, { resolveName: (name) => pureName(name, AROUND) });
}

const VALUES: readonly [text: string, value: unknown][] = [
  ["os.path.join('logs', 'app.log')", "logs/app.log"],
  ["os.path.join('/srv/', 'logs', '/var/log', 'a.log')", "/var/log/a.log"],
  ["os.path.join('a', '', 'b', '')", "a/b/"],
  ["os.path.join(os.getcwd(), 'logs/root.log')", "/srv/app/logs/root.log"],
  ["os.path.abspath('../logs//./app.log')", "/srv/logs/app.log"],
  ["os.path.abspath('.') + '/app.log'", "/srv/app/app.log"],
  ["os.path.dirname(os.path.abspath('logs/app.log'))", "/srv/app/logs"],
  ["os.path.dirname('/a//b/')", "/a//b"],
  ["os.path.dirname('/a')", "/"],
  ["os.path.dirname('a')", ""],
  ["os.path.basename('/a/b.log')", "b.log"],
  ["os.path.expanduser('~/logs/app.log')", "/home/kim/logs/app.log"],
  ["os.path.expanduser('~') + '/app.log'", "/home/kim/app.log"],
  ["os.path.expanduser('app~.log')", "app~.log"],
  ["os.environ['APP_LOGS'] + '/app.log'", "/srv/logs/app.log"],
  ["os.environ.get('APP_LOGS')", "/srv/logs"],
  ["os.environ.get('NO_SUCH_VARIABLE')", null],
  ["os.environ.get('NO_SUCH_VARIABLE', 'logs') + os.sep + 'a.log'", "logs/a.log"],
  ["os.environ.get('NO_SUCH_VARIABLE', default='logs')", "logs"],
  ["os.getenv('NO_SUCH_VARIABLE', 'x')", "x"],
  ["int(os.environ.get('COUNT', 3)) * 1024", 5120],
  ["('app.log', 'a', int(1.5*1024*1024))", ["app.log", "a", 1572864]],
  ["('app.log', 'a', 10*1024*1024/4)", ["app.log", "a", 2621440]],
  ["int(os.environ.get('NO_SUCH_VARIABLE', 3)) + 1", 4],
  ["'%s/%s-%03d.log' % (os.getcwd(), 'app', 7)", "/srv/app/app-007.log"],
  ["'%s.log' % os.path.basename('/x/app')", "app.log"],
  ["'%(a)s.log' % {'a': 'app'}", "app.log"],
  ["'a' 'b' + 'c' + str(1)", "abc1"],
  ["time.strftime('%%') + time.strftime('x')", "%x"],
  ["('a' + '.log', 'a', 10*1024)", ["a.log", "a", 10240]],
  ["{'filename': os.path.join('a', 'b')}", new Map([["filename", "a/b"]])],
];

const ORACLE = `
import json, logging, os
given = json.load(sys.stdin)
os.environ.update(given["env"])
os.getcwd = lambda: given["cwd"]
print(json.dumps([eval(text, vars(logging)) for text in given["texts"]]))
`;

Deno.test("pure functions give what Python's give", async () => {
  for (const [text, value] of VALUES) assertEquals(read(text), value, text);
  const texts = VALUES.map(([text]) => text);
  const theirs = await askPython(ORACLE, { env: ENV, cwd: AROUND.cwd(), texts });
  if (theirs === undefined) return;
  const ours = VALUES.map(([, value]) => value instanceof Map ? Object.fromEntries(value) : value);
  assertEquals(theirs, ours);
});

function conf(args: string, more = ""): string {
  return `[loggers]
keys=root
[handlers]
keys=h
[formatters]
keys=
[handler_h]
class=handlers.RotatingFileHandler
args=${args}
[logger_root]
handlers=h
${more}`;
}

function opened(): FileHandler & RotatingFileHandler {
  return getLogger().handlers[0] as FileHandler & RotatingFileHandler;
}

function reset(): void {
  fileConfig(
    "[loggers]\nkeys=root\n[handlers]\nkeys=\n[formatters]\nkeys=\n[logger_root]\nhandlers=\n",
  );
}

Deno.test(
  "a file names its log by the environment, the working directory and its own folder",
  inFolder((folder) => {
    Deno.env.set("LOGDIAL_TEST_FOLDER", folder);
    for (
      const [args, name] of [
        ["(os.path.join(os.environ['LOGDIAL_TEST_FOLDER'], 'a.log'), 'a', 1024)", "a.log"],
        ["('%%s/b.log' %% os.getenv('LOGDIAL_TEST_FOLDER'), 'a', 1024)", "b.log"],
        ["(os.path.dirname(__file__) + '/c.log',)", "c.log"],
        ["(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'd.log'),)", "../d.log"],
      ] as const
    ) {
      fileConfig(conf(args), { defaults: { __file__: `${folder}/main.ts` } });
      const wanted = name.startsWith("../")
        ? folder.replace(/\/[^/]+$/, name.slice(2))
        : `${folder}/${name}`;
      assertEquals(opened().baseFilename, wanted);
      reset();
    }
    Deno.removeSync(folder.replace(/\/[^/]+$/, "/d.log"));
    Deno.env.delete("LOGDIAL_TEST_FOLDER");
  }),
);

Deno.test(
  "the same text is read anew when the environment has changed",
  inFolder((folder) => {
    const text = conf("(os.environ['LOGDIAL_TEST_FILE'],)");
    for (const name of ["a.log", "b.log"]) {
      Deno.env.set("LOGDIAL_TEST_FILE", `${folder}/${name}`);
      fileConfig(text);
      assertEquals(opened().baseFilename, `${folder}/${name}`);
    }
    Deno.env.delete("LOGDIAL_TEST_FILE");
    reset();
  }),
);

const REFUSED: readonly [args: string, says: RegExp, column: number | undefined][] = [
  [
    "(os.environ['NO_SUCH'],)",
    /os.environ: KeyError: 'NO_SUCH', the environment has no such variable: set it, or give a default by os.environ.get\('NO_SUCH', '…'\)/,
    2,
  ],
  ["(os.system('id'),)", /"os.system" cannot be called: only literals/, 2],
  ["(__import__('os').getcwd(),)", /"__import__" cannot be called/, 2],
  ["('a', open('b'))", /"open" cannot be called/, 7],
  ["(os.path.join(),)", /os.path.join: TypeError: it takes \(path, \*paths\)/, 2],
  ["(os.path.join('a', 1),)", /TypeError: expected str, not int/, 2],
  ["(os.getcwd,)", /os.getcwd has to be called, os.getcwd\(\)/, 2],
  ["(os.environ,)", /only single items of os.environ can be used/, 2],
  ["(sys.path[1],)", /only sys.path\[0\] is known/, 2],
  ["('a' + 1,)", /"\+" joins a text only with another text/, 6],
  [
    "('%%d' %% 'x',)",
    /str.__mod__: TypeError: %d format: a (?:real )?number is required, not str/,
    // Each "%%" was made a "%" before.
    undefined,
  ],
  ["(__file__,)", /__file__ is not known: give it as a default/, 2],
  ["(os.path.expanduser('~root'),)", /only ~ itself is known/, 2],
  ["(int('x'),)", /int: ValueError: invalid literal for int\(\) with base 10: 'x'/, 2],
];

for (const [args, says, column] of REFUSED) {
  Deno.test(`what is beyond pure functions is refused with its place: ${args}`, () => {
    const error = assertThrows(() => fileConfig(conf(args)), ConfigError);
    assertMatch(error.message, says);
    assertEquals([error.section, error.key, error.line], ["handler_h", "args", 9]);
    assertEquals(error.column, column);
  });
}

Deno.test("a permission that is missing is named", async () => {
  const program = `
    import { fileConfig } from ${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)};
    for (const args of ["(os.environ.get('APP_LOGS', 'x'),)", "(os.path.abspath('a'),)"]) {
      try { fileConfig(${JSON.stringify(conf("ARGS"))}.replace("ARGS", args)); } catch (error) {
        console.log(error.reason);
      }
    }`;
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/main.ts`, program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", ...importFlags(), `${folder}/main.ts`],
    }).output();
    const said = new TextDecoder().decode(stdout);
    assertMatch(
      said,
      /os.environ.get: the program may not read the variable, run with --allow-env=APP_LOGS/,
    );
    // Where it runs, a program may know.
    assertMatch(said, /Cannot open log file "[^"]+\/a": run with --allow-write=/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("check looks at such arguments without asking the machine", () => {
  const text = conf("(os.path.join(os.environ['NOT_HERE'], 'a.log'), 'a', int(os.environ['N']))");
  assertEquals(explainConfig(text), []);
  const [finding] = explainConfig(conf("(os.path.jion('a'),)"));
  assertMatch(finding!.reason, /"os.path.jion" cannot be called/);
  assertEquals([finding!.line, finding!.column], [9, 7]);
});

Deno.test("a change from outside may not use them, signed or not", () => {
  for (const isTrusted of [true, false]) {
    for (
      const args of [
        "(os.getcwd(),)",
        "(os.environ['HOME'],)",
        "('%%99999s' %% 'x',)",
        "(sys.path[0],)",
      ]
    ) {
      const spec = readIniTable(parseIniConfig(conf(args)));
      const wire = { isTrusted, wireHandlers: [], own: () => [], manager: defaultManager };
      const error = assertThrows(
        () => prepareConfig(defaultManager, spec, defaultRegistry, wire),
        ConfigError,
      );
      assertMatch(
        error.message,
        /may not be used by a change from outside: write the value itself, or have the program register it by registerObject/,
      );
      assertEquals([error.section, error.key, error.line], ["handler_h", "args", 9]);
    }
  }
});
