import { assert, assertEquals } from "@std/assert";
import { reset, set } from "../../src/client/commands.ts";
import { rollback } from "../../src/client/rollback.ts";
import { loggers, why } from "../../src/client/loggers.ts";
import { send } from "../../src/client/send.ts";
import type { LoggerList, Why } from "../../src/wire/logger_info.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { sendConfig } from "../harness/raw_peer.ts";

/** A configuration whose only handler takes errors, with two loggers of its own. */
const QUIET = `[loggers]
keys = root, app, other

[handlers]
keys = console

[formatters]
keys = marked

[formatter_marked]
format = QUIET|%(processName)s|%(name)s|%(levelname)s|%(message)s

[handler_console]
class = StreamHandler
args = (sys.stdout,)
formatter = marked
level = ERROR

[logger_root]
level = ERROR
handlers = console

[logger_app]
qualname = app
level = ERROR
handlers =

[logger_other]
qualname = other
level = DEBUG
handlers =
`;

Deno.test("a turned level shows on every thread, and is gone with what has turned it", async (t) => {
  await using program = new OperatorProgram();
  await program.start("Idle", "Busy");
  const ports = program.ports.range;
  await send(QUIET, { ports });
  await program.makeBusy("Busy");
  const shown = async (name: string) => [
    await program.levelsLogged(name, "text", "app"),
    await program.levelsLogged(name, "text", "other"),
  ];
  const quiet = [["ERROR"], ["ERROR"]];
  assertEquals(await shown("Idle"), quiet);
  await t.step("the ack says where", async () => {
    const deliveries = await set({ app: "DEBUG" }, { ports, for: "1h" });
    assertEquals(deliveries.length, 3);
    for (const { outcome, opened, silent, unknown } of deliveries) {
      assertEquals(outcome, "applied");
      assertEquals(opened, [{ logger: "app", from: "DEBUG", handlers: ["console"] }]);
      assertEquals([silent, unknown], [undefined, undefined]);
    }
    await program.line("QUIET|Busy|app|DEBUG|busy");
    for (const name of ["MainProcess", "Idle"]) {
      assertEquals(await shown(name), [["DEBUG", "ERROR"], ["ERROR"]], name);
    }
    for (const { opened, disabled } of (await program.status()).values()) {
      assertEquals(opened, [{ logger: "app", from: "DEBUG", handlers: ["console"] }]);
      assertEquals(disabled, []);
    }
  });
  await t.step("a rollback ends it", async () => {
    await rollback(1, { ports });
    assertEquals(await shown("Idle"), quiet);
    for (const { opened } of (await program.status()).values()) assertEquals(opened, []);
  });
  await t.step("its time ends it, also under another", async () => {
    await set({ app: "DEBUG" }, { ports, for: "400ms" });
    await set({ app: "INFO" }, { ports, for: "1h" });
    await program.until("Idle", ({ overrides }) => overrides.length === 1);
    const { opened } = (await program.status()).get("Idle")!;
    assertEquals(opened, [{ logger: "app", from: "INFO", handlers: ["console"] }]);
    assertEquals(await shown("Idle"), quiet, "DEBUG is off");
  });
  await t.step("a whole configuration ends it", async () => {
    await send(QUIET, { ports });
    await program.untilLevels("Idle", { root: "ERROR", app: "ERROR", other: "DEBUG" });
    assertEquals(await shown("Idle"), quiet);
  });
  await t.step("a reset ends it", async () => {
    await set({ app: "DEBUG" }, { ports });
    assertEquals((await shown("Idle"))[0], ["DEBUG", "ERROR"]);
    await reset({ ports });
    assertEquals(
      await program.levelsLogged("Idle", "after", "app"),
      ["ERROR"],
      "as in the beginning",
    );
    await program.line("START|Idle|app|ERROR|after");
  });
});

Deno.test("what is left to the handlers' levels is said to be silent", async (t) => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const { text } = program.ports;
  await send(QUIET, { ports: program.ports.range });
  await program.levelsLogged("Idle", "made", "other");
  const run = (...args: string[]) => logdial([...args, "--ports", text]);
  const cases = [
    {
      args: ["set", "app=DEBUG", "--no-handlers"],
      says: [
        /^app shows no DEBUG: handler console \(StreamHandler <stdout>\) takes ERROR and above$/m,
      ],
    },
    {
      args: ["status"],
      says: [
        /^app shows no DEBUG: handler console \(StreamHandler <stdout>\) takes ERROR and above$/m,
      ],
    },
    // For some calls only, what is told is what becomes of these.
    { args: ["set", "app=DEBUG", "--where", "user=42"], says: [/ opens console$/m] },
    { args: ["status"], says: [/^app shows DEBUG and above for user=42 through console$/m] },
    { args: ["why", "app", "INFO"], says: [/^ +but for user=42 it comes out of console, by /m] },
    {
      args: ["record", "othr=DEBUG", "app=DEBUG"],
      says: [/^othr is no logger yet, did you mean "other"\?$/m],
    },
    {
      args: ["set", "othr=DEBUG"],
      says: [
        /^othr is a new logger, did you mean "other"\?$/m,
        /NOTSET → DEBUG, .*opens console$/m,
      ],
    },
    { args: ["set", "zebra=DEBUG"], says: [/^zebra is a new logger$/m] },
    {
      args: ["set", "ROOT=DEBUG"],
      code: 1,
      says: [/rejected +Cannot set the level of logger "ROOT": .* the root is "root"/],
    },
    {
      args: ["set", "app=DEBUG", "--open", "mail"],
      code: 1,
      says: [
        /rejected +Cannot open handler "mail": there is none of that name or class, only console/,
      ],
    },
    { args: ["set", "app=DEBUG", "--open", "console,StreamHandler"], says: [/opens console$/m] },
    { args: ["set", "app=DEBUG", "--open", "a", "--no-handlers"], code: 2, says: [] },
    { args: ["set", "app=DEBUG", "--open", "a,,b"], code: 2, says: [] },
    { args: ["status"], says: [/^app shows DEBUG and above through console$/m] },
    {
      args: ["send", "examples/logger_config/debug.conf"],
      says: [/^disabled: .*\bother\b/m],
    },
    { args: ["status"], says: [/^disabled: .*\bapp\b/m] },
  ];
  for (const { args, code = 0, says } of cases) {
    await t.step(args.join(" "), async () => {
      const { code: status, stdout, stderr } = await run(...args);
      assertEquals(status, code, stdout + stderr);
      for (const one of says) assert(one.test(stdout), stdout);
    });
  }
});

Deno.test("a file tells which handlers and filters it drops, before and after", async () => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const ports = program.ports.range;
  const dict = {
    version: 1,
    filters: { named: { name: "app" } },
    handlers: {
      out: { class: "logging.StreamHandler", stream: "ext://sys.stdout", filters: ["named"] },
      err: { class: "logging.StreamHandler", level: "ERROR" },
    },
    loggers: { "app.db": { level: "DEBUG" } },
    root: { handlers: ["out", "err"], level: "INFO" },
  };
  await send(JSON.stringify(dict), { ports });
  const dropped = [
    'filter "app" of handler out (StreamHandler <stdout>)',
    "handler err (StreamHandler <stderr>)",
  ];
  const { stdout } = await logdial([
    "diff",
    "examples/logger_config/error.conf",
    "--ports",
    program.ports.text,
  ]);
  assert(stdout.includes("adds handler console at ERROR") === false, stdout);
  assert(stdout.includes("handler console NOTSET → ERROR"), stdout);
  assert(stdout.includes(`drops ${dropped.join(", ")}`), stdout);
  const [delivery] = await send(QUIET, { ports });
  assertEquals([delivery!.dropped, delivery!.disabled], [dropped, undefined]);
});

Deno.test("loggers and why tell where records come out, and make no logger", async (t) => {
  await using program = new OperatorProgram();
  await program.start("Idle", "Busy");
  const ports = program.ports.range;
  await send(QUIET, { ports });
  await program.makeBusy("Busy");
  await set({ app: "DEBUG" }, { ports });
  await t.step("loggers", async () => {
    for (const { outcome, name, result } of await loggers({ ports })) {
      assertEquals(outcome, "applied");
      const all = new Map((result as LoggerList).loggers.map((one) => [one.name, one]));
      const { level, effective, handlers, out } = all.get("root")!;
      assertEquals([level, effective, out], ["ERROR", "ERROR", ["console"]], name);
      const kind = "StreamHandler <stdout>";
      assertEquals(handlers, [{ name: "console", kind, level: "ERROR" }]);
      assertEquals([all.get("app")!.level, all.get("app")!.out], ["DEBUG", ["console"]]);
      const { silent } = all.get("other")!;
      assertEquals(silent, "handler console (StreamHandler <stdout>) takes ERROR and above");
    }
    const { stdout } = await logdial(["loggers", "--ports", program.ports.text]);
    assertEquals(
      stdout.split("\n").filter((line) => / root +ERROR +.+ console>=ERROR +console$/.test(line))
        .length,
      1,
      stdout,
    );
  });
  await t.step("why", async () => {
    const cases: { logger: string; level: string | number; want: Partial<Why> }[] = [
      {
        logger: "app",
        level: "DEBUG",
        want: { out: ["console"], silent: undefined, isNew: false },
      },
      { logger: "root", level: 20, want: { out: [], silent: "logger root is at ERROR" } },
      { logger: "app.new", level: "INFO", want: { out: ["console"], isNew: true } },
      { logger: "ap", level: "ERROR", want: { isNew: true, similar: "app" } },
    ];
    for (const { logger, level, want } of cases) {
      for (const { result } of await why(logger, level, { ports })) {
        const told = Object.fromEntries(
          Object.keys(want).map((key) => [key, (result as Why)[key as keyof Why]]),
        );
        assertEquals(told, want as Record<string, unknown>, JSON.stringify(result));
      }
    }
    const [refused] = await why("app", "LOUD", { ports });
    assertEquals(refused!.outcome, "rejected");
    const { stdout, code } = await logdial([
      "why",
      "app.new",
      "debug",
      "--ports",
      program.ports.text,
    ]);
    assertEquals(code, 0);
    assert(stdout.includes("DEBUG of app.new comes out of console"), stdout);
    assert(stdout.includes("logger app.new is new"), stdout);
  });
  for (const { result } of await loggers({ ports })) {
    const names = (result as LoggerList).loggers.map(({ name }) => name);
    assertEquals(names.filter((name) => name === "app.new" || name === "ap"), []);
  }
  assertEquals((await logdial(["why", "app"])).code, 2);
  await t.step(
    "how many records are written a second, also by a thread that computes",
    async () => {
      const errors = ({ written }: ThreadStatus) => written?.total.ERROR ?? 0;
      const before = errors((await program.status()).get("Busy")!);
      const { written } = await program.until("Busy", (status) => errors(status) > before);
      const { perSecond, seconds, at } = written!;
      assert(perSecond.ERROR! > 0 && perSecond.DEBUG! > 0, JSON.stringify(written));
      assert(seconds >= 1 && seconds <= 10 && Date.parse(at) > 0, JSON.stringify(written));
      for (const text of ["one", "two", "three"]) await program.levelsLogged("Idle", text);
      const { stdout } = await logdial(["loggers", "--ports", program.ports.text]);
      assert(/ app +DEBUG +[\d.]+ DEBUG, [\d.]+ ERROR +- +console$/m.test(stdout), stdout);
      const busy = (await loggers({ ports })).find(({ name }) => name === "Busy")!.result;
      const all = (busy as LoggerList).loggers;
      const [root, app] = ["root", "app"].map((name) => all.find((one) => one.name === name));
      assertEquals(Object.keys(root!.written!.total), ["ERROR"], "its own, not those below it");
      assert(app!.written!.perSecond.DEBUG! > 0);
      assertEquals(all.find(({ name }) => name === "other")!.written, undefined);
      await program.silence("Idle", 600_000);
      const idle = (await program.status()).get("Idle")!;
      assertEquals(idle.written!.total, { ERROR: 3 });
    },
  );
});

Deno.test("what cannot be asked of handlers and filters neither ends the program nor spoils an answer", async (t) => {
  for (const mode of ["idle", "busy"]) {
    await t.step(mode, async () => {
      using block = PortBlock.claim();
      const { range: ports } = block;
      await using program = ChildProgram.deno("tests/fixtures/odd_parts.ts", {
        args: [JSON.stringify(ports), mode],
      });
      const names = JSON.parse(await program.until((line) => line.startsWith("["))) as string[];
      const levels = Object.fromEntries(names.map((name) => [name, "DEBUG"]));
      const [turned] = await set(levels, { ports });
      assertEquals([turned!.outcome, turned!.error], ["applied", undefined]);
      assertEquals(turned!.levels, { root: "WARNING", ...levels });
      const [listed] = await loggers({ ports });
      assertEquals([listed!.outcome, listed!.error], ["applied", undefined]);
      const { loggers: told } = listed!.result as LoggerList;
      assertEquals(told.find(({ name }) => name === "bare-filter")!.filters, ["filter Object"]);
      const whole = { version: 1, disable_existing_loggers: false, root: { handlers: [] } };
      const [sent] = await send(JSON.stringify(whole), { ports });
      assertEquals([sent!.outcome, sent!.error], ["applied", undefined]);
      assertEquals((await rollback(1, { ports }))[0]!.outcome, "applied");
      await program.tell("log");
      for (const name of names) await program.until(`DEBUG:${name}:shown`);
      await program.output();
      assertEquals(program.stderr.lines.filter((line) => line.includes("on purpose")), []);
    });
  }
});

Deno.test("open is refused where it means nothing", async (t) => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const cases: { desc: string; text: string; says: RegExp }[] = [
    {
      desc: "in a whole configuration",
      text: JSON.stringify({ version: 1, logdial: { open: true } }),
      says: /only a change of levels can/,
    },
    {
      desc: "in a .conf",
      text: `${QUIET}\n[logdial]\nopen = true\n`,
      says: /only a change of levels/,
    },
    {
      desc: "a number",
      text: JSON.stringify({ version: 1, incremental: true, logdial: { open: 1 } }),
      says: /it must be true, false or a list of handlers' names/,
    },
  ];
  for (const { desc, text, says } of cases) {
    await t.step(desc, async () => {
      const { status, error } = await sendConfig(program.ports.first, text);
      assertEquals(status, "rejected");
      assert(says.test(error!.message), error!.message);
    });
  }
});
