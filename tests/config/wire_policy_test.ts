import { assert, assertEquals, assertThrows } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Filter } from "../../src/core/filters/filter.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Handler, retireHandlers } from "../../src/core/handlers/handler.ts";
import { watchedRecord } from "../../src/core/loggers/watched_record.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { SMTPHandler } from "../../src/handlers/network/smtp_handler.ts";
import { FileHandler } from "../../src/handlers/files/file_handler.ts";
import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
import { inFolder, namesIn } from "../handlers/in_folder.ts";

/** A handler class of the program's. */
class OwnHandler extends Handler {
  static made = 0;
  readonly url: string;

  constructor(url: string) {
    super();
    OwnHandler.made++;
    this.url = url;
  }

  emit(): void {
    // Goes nowhere.
  }
}

/** A program with a change log that anyone may send to, and everything that it takes. */
class Program {
  readonly manager = new Manager();
  readonly registry = standardRegistry();
  readonly log: ReversibleChanges;
  #seq = 0;
  /** How often a function of the program was called. */
  calls = 0;

  constructor(wireHandlers: readonly string[] = []) {
    this.log = new ReversibleChanges(this.manager, this.registry);
    this.log.policy = { isGuarded: false, wireHandlers };
    this.registry.registerHandler("my.Own", OwnHandler, { parameters: ["url"] });
    this.registry.registerFormatter("my.Formatter", class extends Formatter {});
    this.registry.registerFilter("my.Filter", Filter, { parameters: ["name?"] });
    this.registry.registerObject("my.handler", new OwnHandler("x"));
    this.registry.registerObject("my.function", () => {
      this.calls++;
      return { filter: () => true, format: () => "" };
    });
  }

  /** What the program sets up itself. */
  configure(handlers: Record<string, unknown>): void {
    const names = Object.keys(handlers);
    const config = { version: 1, handlers, root: { level: "INFO", handlers: names } };
    const resolve = (name: string) => this.registry.object(name);
    applyConfig(this.manager, readConfigText(JSON.stringify(config), resolve), this.registry);
  }

  /** What comes from outside, with these parts in it. */
  send(parts: Record<string, unknown>, isTrusted = false): void {
    const names = Object.keys(parts.handlers ?? {});
    const config = { version: 1, root: { level: "DEBUG", handlers: names }, ...parts };
    this.#apply(JSON.stringify(config), isTrusted);
  }

  /** A `.conf` from outside, with one handler. */
  sendConf(handler: string, isTrusted = false): void {
    const text = `[loggers]\nkeys=root\n[handlers]\nkeys=h\n[formatters]\nkeys=\n` +
      `[logger_root]\nlevel=DEBUG\nhandlers=h\n[handler_h]\n${handler}\n`;
    this.#apply(text, isTrusted);
  }

  #apply(text: string, isTrusted: boolean): void {
    const seq = ++this.#seq, at = "2026-11-22T00:00:00Z";
    this.log.apply({ id: `${seq}`, seq, text, by: "somebody", at, isTrusted });
  }

  /** Closes what it has made. */
  [Symbol.dispose](): void {
    this.log.reset(this.#seq);
    retireHandlers(this.manager.root.handlers);
  }
}

/** Asserts that it is refused, with the rule and every way out. */
function assertRefused(send: () => void): void {
  const { message } = assertThrows(send, ConfigError);
  for (const word of ["unsigned", '"key"', '"verify"', '"wireHandlers"']) {
    assert(message.includes(word), message);
  }
}

Deno.test("who has not signed may have handlers on stdout and stderr, and none else", async (t) => {
  const good: Record<string, string> = {
    "stdout": "class=StreamHandler\nargs=(sys.stdout,)",
    "stderr": "class=StreamHandler\nargs=(sys.stderr,)",
    "the default stream": "class=StreamHandler",
    "a ring": "class=logdial.RingHandler\nargs=(sys.stdout,)",
    "nowhere": "class=NullHandler",
    "one that waits for errors": "class=logdial.FingersCrossedHandler\nkwargs={'by': 'id'}",
    "other places with a level and a propagate": "class=logging.StreamHandler\nlevel=ERROR",
  };
  for (const [desc, handler] of Object.entries(good)) {
    await t.step(desc, () => {
      using program = new Program();
      program.sendConf(handler);
      assertEquals(program.manager.root.handlers.length, 1);
    });
  }
  const bad: Record<string, string> = {
    "a file": "class=FileHandler\nargs=('/tmp/logdial-never',)",
    "a rotating file": "class=handlers.RotatingFileHandler\nargs=('/tmp/logdial-never',)",
    "a timed file": "class=handlers.TimedRotatingFileHandler\nargs=('/tmp/logdial-never',)",
    "a watched file": "class=handlers.WatchedFileHandler\nargs=('/tmp/logdial-never',)",
    "a host": "class=handlers.SocketHandler\nargs=('127.0.0.1', 1)",
    "datagrams": "class=handlers.DatagramHandler\nargs=('127.0.0.1', 1)",
    "syslog": "class=handlers.SysLogHandler\nargs=(('127.0.0.1', 1),)",
    "a web server": "class=handlers.HTTPHandler\nargs=('127.0.0.1:1', '/')",
    "mails": "class=handlers.SMTPHandler\nargs=(('127.0.0.1', 1), 'a', 'b', 'c')",
    "one that waits, with an object": "class=logdial.FingersCrossedHandler\nargs=(my.handler,)",
    "memory": "class=handlers.MemoryHandler\nargs=(10,)",
    "one of the program's": "class=my.Own\nargs=('http://here',)",
    "an object for a stream": "class=StreamHandler\nargs=(my.function,)",
  };
  for (const [desc, handler] of Object.entries(bad)) {
    await t.step(desc, () => {
      using program = new Program();
      assertRefused(() => program.sendConf(handler));
      assertEquals(program.manager.root.handlers, []);
    });
  }
  await t.step("nothing is made before", () => {
    using program = new Program();
    const made = OwnHandler.made;
    const handlers = {
      a: { class: "logging.StreamHandler" },
      b: { class: "logging.FileHandler", filename: "/tmp/logdial-never" },
    };
    assertRefused(() => program.send({ handlers: { "0": { class: "my.Own", url: "x" } } }));
    assertRefused(() => program.send({ handlers }));
    assertEquals(OwnHandler.made, made);
  });
});

Deno.test("who has not signed may name our filters, and what waits for errors of what he may have", () => {
  using program = new Program();
  program.send({
    filters: { secrets: { "()": "logdial.RedactFilter", paths: ["password"] } },
    handlers: {
      console: { class: "logging.StreamHandler", filters: ["secrets"] },
      crossed: { class: "logdial.FingersCrossedHandler", target: "console" },
    },
  });
  const file = { class: "logging.FileHandler", filename: "/tmp/logdial-never" };
  const handlers = { file, crossed: { class: "logdial.FingersCrossedHandler", target: "file" } };
  assertRefused(() => program.send({ handlers }));
});

Deno.test("there is no way around by other words", async (t) => {
  const file = { filename: "/tmp/logdial-never", mode: "w" };
  const stream = { class: "logging.StreamHandler" };
  const cases: Record<string, Record<string, unknown>> = {
    "a factory": { handlers: { h: { "()": "logging.FileHandler", ...file } } },
    "a class as an object": { handlers: { h: { "()": "ext://logging.FileHandler", ...file } } },
    "a handler for a filter": { filters: { f: { "()": "ext://logging.FileHandler", ...file } } },
    "a handler for a formatter": {
      formatters: { f: { "()": "ext://logging.FileHandler", ...file } },
    },
    "a function of the program's": { filters: { f: { "()": "my.function" } } },
    "the same as an object": { formatters: { f: { "()": "ext://my.function" } } },
    "the same for a handler": { handlers: { h: { "()": "my.function" } } },
    "attributes": { handlers: { h: { ...stream, ".": { stream: "x", emit: 1 } } } },
    "a reference": {
      stuff: { one: "logging.FileHandler" },
      handlers: { h: { class: "cfg://stuff.one", ...file } },
    },
  };
  for (const [desc, parts] of Object.entries(cases)) {
    await t.step(desc, () => {
      using program = new Program();
      assertRefused(() => program.send(parts));
      assertEquals(program.calls, 0);
    });
  }
});

Deno.test("registered formatters and filters are for everyone", () => {
  using program = new Program();
  program.send({
    formatters: { f: { "()": "my.Formatter", fmt: "%(message)s" }, g: { format: "%(name)s" } },
    filters: { f: { "()": "my.Filter", name: "app" } },
    handlers: { h: { class: "logging.StreamHandler", formatter: "f", filters: ["f"] } },
  });
  assertEquals(program.manager.root.handlers[0]!.filters.length, 1);
});

Deno.test(
  "signed, verified and listed ones may have any handler",
  inFolder((folder) => {
    const handler = `class=FileHandler\nargs=('${folder}/a.log',)`;
    using signed = new Program();
    signed.sendConf(handler, true);
    assertEquals(namesIn(folder), ["a.log"]);
    for (const name of ["logging.FileHandler", "FileHandler"]) {
      using listed = new Program([name]);
      listed.sendConf(handler);
      assertRefused(() => listed.sendConf("class=my.Own\nargs=('x',)"));
    }
    using own = new Program(["my.Own", "my.function"]);
    own.sendConf("class=my.Own\nargs=('x',)");
    own.send({ filters: { f: { "()": "my.function" } } });
    assertEquals(own.calls, 1);
    assertRefused(() => own.sendConf(handler));
  }),
);

Deno.test(
  "what the program has set up itself may be sent again, as it is",
  inFolder(async (folder) => {
    using program = new Program();
    const path = `${folder}/app.log`;
    program.configure({
      file: { class: "logging.FileHandler", filename: path, mode: "w" },
      rotating: {
        class: "logging.handlers.RotatingFileHandler",
        filename: `${folder}/rot.log`,
        maxBytes: 1000,
        backupCount: 3,
      },
      own: { class: "my.Own", url: "http://here" },
      memory: { class: "logging.handlers.MemoryHandler", capacity: 10, target: "own" },
    });
    program.manager.getLogger("timed").addHandler(
      new TimedRotatingFileHandler(`${folder}/timed.log`, "midnight"),
    );
    program.manager.getLogger("plain").addHandler(new FileHandler(`${folder}/plain.log`));
    program.manager.getLogger("mails").addHandler(
      new SMTPHandler(["127.0.0.1", 2525], "a", ["b"], "c", ["u", "p"], []),
    );
    await Deno.writeTextFile(path, "before\n", { append: true });
    const mails = (port: number, secure: string) =>
      "class=handlers.SMTPHandler\n" +
      `args=(('127.0.0.1', ${port}), 'a', ['b'], 'c', ('u', 'p'), ${secure}, 5)`;
    const file = `class=FileHandler\nargs=('${path}', 'w')`;
    const rotating = `class=handlers.RotatingFileHandler\nargs=('${folder}/rot.log',)`;
    const equal: Record<string, string> = {
      "itself": file,
      "by name": `class=FileHandler\nkwargs={'mode': 'w', 'filename': '${path}'}`,
      "with a default": `class=FileHandler\nargs=('${path}', 'w', None, False)`,
      "by another path": `class=FileHandler\nargs=('${folder}/x/../app.log', 'w')`,
      "with another level": `${file}\nlevel=ERROR`,
      "with a size": `${rotating}\nkwargs={'maxBytes': 1000, 'backupCount': 3}`,
      "with a size and a mode":
        `${rotating}\nkwargs={'mode': 'w', 'maxBytes': 1000, 'backupCount': 3}`,
      "made by the program": `class=FileHandler\nargs=('${folder}/plain.log',)`,
      "timed, made by the program":
        `class=handlers.TimedRotatingFileHandler\nargs=('${folder}/timed.log', 'MIDNIGHT')`,
      "a class of its own": "class=my.Own\nargs=('http://here',)",
      "mails, made by the program": mails(2525, "()"),
    };
    for (const [desc, handler] of Object.entries(equal)) {
      program.sendConf(handler);
      assertEquals(program.manager.root.handlers.length, 1, desc);
      assert((await Deno.readTextFile(path)).startsWith("before\n"), `${desc} has emptied it`);
    }
    program.send({
      handlers: {
        own: { class: "my.Own", url: "http://here" },
        memory: { class: "logging.handlers.MemoryHandler", capacity: 10, target: "own" },
      },
    });
    const almost: Record<string, string> = {
      "another file": `class=FileHandler\nargs=('${path}.2', 'w')`,
      "another mode": `class=FileHandler\nargs=('${path}',)`,
      "another encoding": `class=FileHandler\nargs=('${path}', 'w', 'latin-1')`,
      "another class": `class=handlers.WatchedFileHandler\nargs=('${path}', 'w')`,
      "another size": `${rotating}\nkwargs={'maxBytes': 10, 'backupCount': 3}`,
      "another port for mails": mails(2526, "()"),
      "mails that are not secure": mails(2525, "None"),
      "mails with a file of the program's": mails(2525, "('/etc/passwd',)"),
      "another argument": "class=my.Own\nargs=('http://there',)",
      "another time": `class=handlers.TimedRotatingFileHandler\nargs=('${folder}/timed.log', 'S')`,
    };
    for (const [desc, handler] of Object.entries(almost)) {
      assertRefused(() => program.sendConf(handler));
      assert((await Deno.readTextFile(path)).startsWith("before\n"), `${desc} has emptied it`);
    }
    const kwargs = { filename: path, mode: "w", ".": { baseFilename: `${folder}/victim` } };
    assertRefused(() =>
      program.send({ handlers: { h: { class: "logging.FileHandler", ...kwargs } } })
    );
    const wrapped = { class: "logging.handlers.MemoryHandler", capacity: 10, target: "t" };
    const other = { class: "my.Own", url: "http://there" };
    assertRefused(() => program.send({ handlers: { m: wrapped, t: other } }));
    assert(!namesIn(folder).includes("victim"));
  }),
);

Deno.test(
  "what a signed change has made is no licence for unsigned ones",
  inFolder(async (folder) => {
    using program = new Program();
    const path = `${folder}/a.log`;
    const handler = `class=FileHandler\nargs=('${path}', 'w')`;
    program.sendConf(handler, true);
    await Deno.writeTextFile(path, "kept\n");
    assertRefused(() => program.sendConf(handler));
    // A file that is in use is not emptied by signed ones either.
    program.sendConf(handler, true);
    assertEquals(await Deno.readTextFile(path), "kept\n");
  }),
);

Deno.test(
  "whoever sends it, files are regular ones, or what the program has open",
  inFolder(async (folder) => {
    using program = new Program();
    const pipe = `${folder}/pipe`;
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    for (const path of [pipe, "/dev/zero", folder]) {
      for (const kind of ["FileHandler", "handlers.RotatingFileHandler"]) {
        const handler = `class=${kind}\nargs=('${path}',)`;
        assertThrows(() => program.sendConf(handler, true), ConfigError, "no regular file");
      }
    }
    program.configure({ null: { class: "logging.FileHandler", filename: "/dev/null" } });
    program.sendConf("class=FileHandler\nargs=('/dev/null',)");
    const rotating = (count: string) =>
      `class=handlers.RotatingFileHandler\nargs=('${folder}/r.log', 'a', 10, ${count})`;
    assertThrows(() => program.sendConf(rotating("10001"), true), ConfigError, "10000 at most");
    program.sendConf(rotating("10000"), true);
  }),
);

Deno.test("an unsigned change brings no patterns but those of the program", () => {
  using program = new Program();
  program.configure({ h: { class: "logging.NullHandler" } });
  const [handler] = program.manager.root.handlers;
  handler!.addFilter(new RedactFilter({ patterns: ["\\d{16}", /tok_\w+/i] }));
  program.manager.getLogger("app").addFilter(new RedactFilter({ patterns: ["s3cret"] }));
  const withFilter = (filter: object) => ({
    filters: { f: { "()": "logdial.RedactFilter", ...filter } },
    handlers: { h: { class: "logging.StreamHandler", filters: ["f"] } },
  });
  const endless = withFilter({ patterns: ["(a+)+$"] });
  const { message } = assertThrows(() => program.send(endless), ConfigError);
  assert(/^Cannot redact pattern "\(a\+\)\+\$": an unsigned change may only .*key/.test(message));
  const section =
    "formatter=\nargs=()\n[filters]\nkeys=f\n[filter_f]\nclass=logdial.RedactFilter\n";
  const conf = `class=StreamHandler\nfilters=f\n${section}`;
  for (const patterns of ["kwargs={'patterns': ['(a+)+$']}", "args=([], ('(a+)+$',))"]) {
    assertThrows(() => program.sendConf(`${conf}${patterns}`), ConfigError, "(a+)+$");
  }
  assertEquals(program.manager.root.handlers, [handler], "nothing has changed");
  program.send(withFilter({ paths: ["card"], patterns: ["\\d{16}", "/tok_\\w+/i", "s3cret"] }));
  program.send(endless, true);
});

Deno.test("an unsigned change takes no redaction of the program's away", () => {
  using program = new Program();
  program.configure({ h: { class: "logging.NullHandler" } });
  const redaction = new RedactFilter({ paths: ["password"] });
  program.manager.root.handlers[0]!.addFilter(redaction);
  const open = {
    handlers: {
      out: { class: "logging.StreamHandler" },
      kept: { class: "logdial.FingersCrossedHandler", target: "out" },
    },
  };
  const filters = () => program.manager.root.handlers.map((handler) => handler.filters);
  program.send(open);
  assertEquals(filters(), [[redaction], [redaction]]);
  program.send({ ...open, incremental: false });
  assertEquals(filters(), [[redaction], [redaction]], "after a second change too");
  program.send({ loggers: { app: { propagate: false } }, handlers: {} });
  const record = new LogRecord("app", 10, "", 0, "m", [{ password: "s3cret" }]);
  const seen = watchedRecord(record, program.manager.getLogger("app"));
  assertEquals(seen.args, [{ password: "[redacted]" }], "nor from those who watch");
  program.send(open, true);
  assertEquals(filters(), [[], []], "who is trusted may");
});

Deno.test("who sends back what is running adds no redaction to it", async (t) => {
  using program = new Program();
  program.configure({ h: { class: "logging.NullHandler" } });
  const redaction = new RedactFilter({ paths: ["password"] });
  program.manager.root.handlers[0]!.addFilter(redaction);
  const open = (red: object, ...filters: string[]) => ({
    filters: {
      red: { "()": "logdial.RedactFilter", paths: ["password"], ...red },
      other: { "()": "my.Filter" },
    },
    handlers: { h: { class: "logging.StreamHandler", filters } },
    loggers: { app: { filters } },
  });
  const ofHandler = () => program.manager.root.handlers[0]!.filters;
  const isOwnLast = () => ofHandler().at(-1) === redaction;
  await t.step("however often", () => {
    for (let again = 1; again <= 3; again++) {
      program.send(open({}, "red"));
      const { filters } = program.manager.getLogger("app");
      assertEquals([ofHandler().length, isOwnLast(), filters.length], [1, false, 1]);
    }
  });
  const others: { desc: string; red: object; filters: string[] }[] = [
    { desc: "one that takes out something else", red: { paths: ["card"] }, filters: ["red"] },
    { desc: "one that puts in what it has found", red: { replacement: "$&" }, filters: ["red"] },
    { desc: "one that is told so later", red: { ".": { replacement: "$&" } }, filters: ["red"] },
    { desc: "one whose method is another", red: { ".": { redacted: "" } }, filters: ["red"] },
    { desc: "another filter behind it", red: {}, filters: ["red", "other"] },
  ];
  for (const { desc, red, filters } of others) {
    await t.step(`not instead of the program's: ${desc}`, () => {
      program.send(open(red, ...filters));
      assertEquals([ofHandler().length, isOwnLast()], [filters.length + 1, true]);
    });
  }
});
