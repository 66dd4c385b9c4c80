import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { INFO } from "../../src/core/levels/levels.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";
import { eventually } from "../harness/deadline.ts";

const registry = standardRegistry();

/** A program that has set itself up, and a change log on top of it. */
class Program {
  readonly manager = new Manager();
  readonly log: ReversibleChanges = new ReversibleChanges(this.manager, registry);
  #seq = 0;

  constructor() {
    this.configure("INFO");
  }

  /** As the program does it itself. */
  configure(level: string): void {
    applyConfig(this.manager, readConfigText(whole(level), () => undefined), registry);
  }

  /** A change from outside. */
  change(text: string, expiresAt?: number): void {
    const seq = ++this.#seq;
    const by = "somebody", at = "2026-11-22T00:00:00Z";
    this.log.apply({ id: String(seq), seq, text, by, at, expiresAt });
  }

  /** What a watched file says. */
  file(text: string): void {
    const seq = ++this.#seq;
    const at = "2026-11-28T00:00:00Z", file = "app.conf";
    this.log.apply({ id: String(seq), seq, text, by: `file ${file}`, at, file, isTrusted: true });
  }

  get state() {
    const { root, loggerDict } = this.manager;
    const levels = [...loggerDict.keys()].map((name) => this.manager.getLogger(name).level);
    return { root: root.level, handlers: root.handlers.map(({ name }) => name), levels };
  }
}

function whole(level: string): string {
  const handlers = { [`null-${level}`]: { class: "logging.NullHandler" } };
  return JSON.stringify({ version: 1, handlers, root: { level, handlers: Object.keys(handlers) } });
}

function levels(loggers: Record<string, string>): string {
  const entries = Object.entries(loggers).map(([name, level]) => [name, { level }]);
  return JSON.stringify({ version: 1, incremental: true, loggers: Object.fromEntries(entries) });
}

Deno.test("what the program configures while an override is in force is not undone with it", () => {
  const program = new Program();
  program.change(whole("DEBUG"), 1000);
  program.configure("ERROR");
  const own = program.state;
  assertEquals(own.handlers, ["null-ERROR"]);
  assertEquals(program.log.overrides, [], "there is nothing left to undo");
  assertEquals(program.log.expire(2000), []);
  assertEquals(program.state, own);
  program.change(levels({ app: "DEBUG" }), 3000);
  program.log.expire(4000);
  assertEquals(program.state, { ...own, levels: [0] }, "later overrides end as ever");
  program.log.reset(Infinity);
  assertEquals(program.state, { ...own, levels: [0] }, "and there is a new start to go back to");
});

Deno.test("an override ends when the program configures itself, also where that leaves its loggers", () => {
  const program = new Program();
  program.change(levels({ app: "DEBUG", stays: "ERROR" }));
  program.change(levels({ app: "CRITICAL", other: "DEBUG" }), 1000);
  program.manager.getLogger("own").setLevel("ERROR");
  program.configure("WARNING");
  const { root, handlers, levels: now } = program.state;
  assertEquals([root, handlers, program.log.overrides], [30, ["null-WARNING"], []]);
  assertEquals(now, [10, 40, 0, 40], "app, stays, other, own");
});

Deno.test("levels that the program sets by a configuration of levels only stay as well", () => {
  const program = new Program();
  program.change(levels({ app: "DEBUG", other: "ERROR" }), 1000);
  const spec = readConfigText(levels({ app: "CRITICAL" }), () => undefined);
  applyConfig(program.manager, spec, registry);
  program.log.expire(2000);
  assertEquals(program.state.levels, [50, 0]);
});

Deno.test("a level that the program sets stays, also the one that a change has set already", async (t) => {
  const open = { logdial: { open: true } };
  const changes = {
    "a level that opens handlers": { ...JSON.parse(levels({ app: "DEBUG" })), ...open },
    "a level that opens none": { ...JSON.parse(levels({ app: "ERROR" })), ...open },
    "levels as CPython's senders send them": JSON.parse(levels({ app: "DEBUG" })),
    "a whole configuration": {
      ...JSON.parse(whole("DEBUG")),
      loggers: { app: { level: "DEBUG" } },
    },
  };
  for (const [desc, change] of Object.entries(changes)) {
    await t.step(desc, () => {
      const program = new Program();
      program.log.policy = { isGuarded: false, wireHandlers: [] };
      const app = program.manager.getLogger("app");
      app.setLevel("WARNING");
      program.change(JSON.stringify(change), 1000);
      const { level } = app;
      app.setLevel(level);
      program.change(levels({ other: "DEBUG" }), 2000);
      program.log.expire(2000);
      assertEquals([app.level, program.manager.root.level], [level, INFO]);
    });
  }
});

Deno.test("propagate, disabled, and levels of handlers that the program sets stay, also to what a change has set", () => {
  const program = new Program();
  program.log.policy = { isGuarded: false, wireHandlers: [] };
  const { manager, log } = program;
  const handler = [...manager.namedHandlers.values()][0]!;
  handler.setLevel("ERROR");
  const app = manager.getLogger("app");
  const on = manager.getLogger("on"), off = manager.getLogger("off");
  on.disabled = true;
  const state = () => [app.propagate, on.disabled, off.disabled, handler.level];
  const before = state();
  const loggers = { app: { level: "DEBUG", propagate: false }, on: { level: "DEBUG" } };
  const handlers = { [handler.name!]: { level: "DEBUG" } };
  const change = JSON.stringify({ version: 1, incremental: true, loggers, handlers });
  const whole = { loggers: { on: {} }, root: { handlers: [handler.name!] } };
  const disabling = JSON.stringify({
    version: 1,
    handlers: { [handler.name!]: { class: "logging.NullHandler" } },
    ...whole,
  });

  program.change(change, 1000);
  program.change(disabling, 1000);
  log.expire(1000);
  assertEquals(state(), before, "what the program has not set is taken back");

  program.change(change, 2000);
  app.propagate = false;
  on.disabled = false;
  handler.setLevel("DEBUG");
  program.change(disabling, 3000);
  off.disabled = true;
  log.expire(2000);
  assertEquals([app.propagate, on.disabled, off.disabled], [false, false, true]);
  log.expire(3000);
  assertEquals(state(), [false, false, true, 10]);
});

Deno.test("what the program sets by a configuration of levels stays, also to what a change has set", () => {
  const program = new Program();
  const { manager, log } = program;
  const handler = [...manager.namedHandlers.values()][0]!;
  const app = manager.getLogger("app");
  const text = JSON.stringify({
    version: 1,
    incremental: true,
    loggers: { app: { level: "DEBUG", propagate: false } },
    handlers: { [handler.name!]: { level: "DEBUG" } },
  });
  program.change(text, 1000);
  applyConfig(manager, readConfigText(text, () => undefined), registry);
  log.expire(1000);
  assertEquals([app.level, app.propagate, handler.level], [10, false, 10]);
});

Deno.test("a change of levels that is held ready means the handlers of when it is put in force", () => {
  const program = new Program();
  const handlers = { "null-INFO": { level: "ERROR" } };
  const text = JSON.stringify({ version: 1, incremental: true, handlers });
  const held = program.log.prepare({ text });
  program.configure("INFO");
  const change = { id: "a", seq: 9, text, by: "somebody", at: "2026-11-29T00:00:00Z" };
  held.commit(change);
  assertEquals(program.manager.namedHandlers.get("null-INFO")!.level, 40);
  const late = program.log.prepare({ text });
  program.configure("WARNING");
  const { state } = program;
  assertThrows(() => late.commit({ ...change, id: "b" }), ConfigError, 'handler "null-INFO"');
  assertEquals([program.state, program.log.inForce], [state, []]);
});

Deno.test("of a logger that the program changes under an override, only what it has changed stays", () => {
  const program = new Program(), app = program.manager.getLogger("app");
  const state = () => [app.level, app.propagate, app.disabled];
  const loggers = { app: { level: "DEBUG", propagate: false } };
  program.change(JSON.stringify({ version: 1, incremental: true, loggers }), 1000);
  app.setLevel("ERROR");
  program.change(whole("DEBUG"), 1000);
  assertEquals(state(), [40, false, true]);
  app.setLevel("WARNING");
  program.log.expire(2000);
  assertEquals(state(), [30, true, false]);
});

Deno.test("handlers that the program adds or removes under an override stay so after it", () => {
  const program = new Program();
  const { root } = program.manager;
  const first = new NullHandler();
  root.addHandler(first);
  program.change(levels({ app: "DEBUG" }), 1000);
  const added = new NullHandler();
  root.addHandler(added);
  program.manager.getLogger("app").addHandler(added);
  root.removeHandler(first);
  program.log.expire(2000);
  assertEquals(root.handlers.includes(added), true);
  assertEquals(root.handlers.includes(first), false);
  assertEquals(program.manager.getLogger("app").handlers, [added]);
  assertEquals([root.level, root.handlers.length], [INFO, 2]);
});

Deno.test("a level that the program gives a handler stays, also while that is out of use", () => {
  const program = new Program();
  const { root } = program.manager;
  const first = new NullHandler(), second = new NullHandler();
  root.addHandler(first);
  root.addHandler(second);
  program.change(whole("DEBUG"), 1000);
  program.change(levels({ app: "DEBUG" }), 3000);
  first.setLevel("ERROR");
  program.change(levels({ app: "INFO" }), 2000);
  program.log.expire(1000);
  root.removeHandler(second);
  program.log.expire(2000);
  second.setLevel("WARNING");
  program.log.expire(3000);
  assertEquals(root.handlers.includes(first), true);
  assertEquals([first.level, second.level], [40, 30]);
});

Deno.test("a change outlives the handlers that it names, and what cannot be kept is told", () => {
  const program = new Program();
  const { lost } = program.log;
  const ended: string[] = [];
  lost.onEnd = (changes, { detail }) => ended.push(...changes.map(({ id }) => `${id}: ${detail}`));
  program.change(whole("ERROR"), 1000);
  const named = { "null-ERROR": { level: "DEBUG" } };
  const logdial = { open: ["null-ERROR"] };
  program.change(JSON.stringify({ ...JSON.parse(levels({ app: "DEBUG" })), logdial }), 3000);
  program.change(JSON.stringify({ ...JSON.parse(levels({ app: "INFO" })), handlers: named }), 2000);
  program.log.expire(1000);
  assertEquals(program.state, { root: 20, handlers: ["null-INFO"], levels: [20] });
  program.log.expire(2000);
  assertEquals(program.state.levels, [10]);
  assertEquals(program.log.overrides.map(({ id }) => id), ["2"]);
  assertEquals([lost.ids, ended], [[], []]);
  program.change(levels({ app: "ERROR" }));
  program.configure("WARNING");
  assertEquals(lost.ids, ["2", "4"]);
  assertEquals(ended, ["2: the program has configured its logging anew"]);
});

Deno.test("a whole configuration outlives an earlier override with the same handlers", () => {
  const program = new Program();
  program.change(levels({ app: "DEBUG" }), 1000);
  program.change(whole("WARNING"));
  const [handler] = program.manager.root.handlers;
  program.change(levels({ other: "ERROR" }), 5000);
  program.log.expire(2000);
  assertEquals(program.manager.root.handlers, [handler!]);
  assertEquals(program.state.root, 30);
  assertEquals(program.log.overrides.length, 1);
});

Deno.test("a watched file takes the place of what it said before, whole or in levels only", () => {
  const program = new Program();
  program.file(levels({ app: "DEBUG" }));
  program.file(levels({ db: "ERROR" }));
  assertEquals(program.state, { root: INFO, handlers: ["null-INFO"], levels: [0, 40] });
  program.manager.getLogger("db").setLevel(50);
  program.file(whole("DEBUG"));
  assertEquals(program.state, { root: 10, handlers: ["null-DEBUG"], levels: [0, 50] });
  program.change(levels({ app: "INFO" }), 1000);
  program.change(whole("CRITICAL"));
  program.file(levels({ db: "WARNING" }));
  const below = { root: INFO, handlers: ["null-INFO"] };
  assertEquals(program.state, { ...below, levels: [20, 30] }, "an override outlives it alone");
  assertEquals(program.log.inForce.map(({ seq }) => seq), [4]);
  program.log.expire(2000);
  assertEquals(program.state, { ...below, levels: [0, 30] });
  assertEquals(program.log.reset(Infinity), undefined, "there is nothing to go back from");
  program.configure("ERROR");
  program.file(levels({ app: "DEBUG" }));
  assertEquals(program.state, { root: 40, handlers: ["null-ERROR"], levels: [10, 30] });
});

Deno.test("a watched file disables what it does not name only where it says so, in each form", () => {
  const program = new Program();
  const app = program.manager.getLogger("app.db");
  const isDisabled = (text: string, by: "file" | "change") => {
    app.disabled = false;
    program[by](text);
    return app.disabled;
  };
  const conf = [
    "[loggers]\nkeys=root\n[handlers]\nkeys=\n[formatters]\nkeys=",
    "[logger_root]\nlevel=DEBUG\nhandlers=",
  ].join("\n");
  assertEquals(isDisabled(whole("DEBUG"), "file"), false);
  assertEquals(isDisabled(conf, "file"), false);
  const said = { ...JSON.parse(whole("INFO")), disable_existing_loggers: true };
  assertEquals(isDisabled(JSON.stringify(said), "file"), true);
  assertEquals(isDisabled(whole("ERROR"), "change"), true, "as in Python");
});

Deno.test("a watched file that is refused leaves all as it was, and no handler is lost or left over", () => {
  const program = new Program();
  const closed: string[] = [];
  const spy = () => {
    for (const handler of program.manager.root.handlers) {
      const { close } = handler;
      handler.close = () => {
        closed.push(handler.name!);
        close.call(handler);
      };
    }
  };
  program.file(whole("DEBUG"));
  spy();
  program.change(levels({ app: "ERROR" }), 1000);
  const before = program.state;
  assertThrows(() => program.file(whole("DEBUG").replace('"level":"DEBUG"', '"level":"LOUD"')));
  assertEquals(program.state, before);
  assertEquals(closed, []);
  program.file(whole("WARNING"));
  assertEquals(closed, ["null-DEBUG"], "what the file said before is over");
  program.log.reset(Infinity);
  assertEquals(program.state, { root: 30, handlers: ["null-WARNING"], levels: [0] });
});

Deno.test("what a watched file has ended does not come back with what comes late", () => {
  const program = new Program();
  const at = "2026-11-28T00:00:00Z", by = "somebody";
  program.log.apply({ id: "f", seq: 5, text: levels({ db: "ERROR" }), by, at, file: "app.conf" });
  program.log.apply({ id: "a", seq: 3, text: levels({ app: "DEBUG" }), by, at });
  program.log.apply({ id: "b", seq: 4, text: levels({ app: "INFO" }), by, at, expiresAt: 1000 });
  program.log.apply({ id: "e", seq: 2, text: levels({ db: "DEBUG" }), by, at, file: "app.conf" });
  assertEquals(program.log.inForce.map(({ id }) => id), ["b"]);
  program.log.expire(2000);
  assertEquals(program.state.levels, [40, 0]);
});

Deno.test("a handler that cannot be flushed keeps no change from coming and ending", async (t) => {
  const failures: Record<string, () => void> = {
    throws: () => {
      throw new Error("the sink is gone");
    },
    rejects: () => Promise.reject(new Error("the sink is gone")) as unknown as void,
  };
  for (const [desc, flush] of Object.entries(failures)) {
    await t.step(desc, async () => {
      registry.registerHandler(
        "broken",
        class Broken extends NullHandler {
          override readonly flush = flush;
        },
      );
      const broken = (level: string) => whole(level).replace("logging.NullHandler", "broken");
      const program = new Program();
      applyConfig(program.manager, readConfigText(broken("INFO"), () => undefined), registry);
      const own = program.state;
      using stderr = new CapturedWrites(Deno.stderr);
      program.change(broken("ERROR"));
      assertEquals(program.state, { root: 40, handlers: ["null-ERROR"], levels: [] });
      program.change(broken("DEBUG"), 1000);
      assertEquals(program.state, { root: 10, handlers: ["null-DEBUG"], levels: [] });
      assertEquals(program.log.expire(2000).map(({ id }) => id), ["2"]);
      assertEquals(program.state, { root: 40, handlers: ["null-ERROR"], levels: [] });
      assertEquals(program.log.takeBack(["1"]).length, 1);
      assertEquals([program.state, program.log.inForce], [own, []]);
      // What is rejected is told by a task of its own.
      await eventually(
        () => `6 failures, of ${stderr.text}`,
        () => stderr.text.split("Error: the sink is gone").length === 7 ? true : undefined,
      );
      assertStringIncludes(stderr.text, "logdial: cannot flush handler <Broken (NOTSET)>: Error: ");
    });
  }
});

Deno.test("a change is refused where 64 stand on an override, and how to go on is said", () => {
  const program = new Program();
  for (let at = 1; at <= 64; at++) {
    program.change(levels({ [`l${at}`]: "DEBUG" }), Date.now() + 60_000);
  }
  const { message } = assertThrows(() => program.change(levels({ last: "DEBUG" })));
  assertStringIncludes(message, "64 changes on top of an override are in force; wait for the end");
  assertStringIncludes(message, "take them back by rollback or reset");
});

Deno.test("changes go on once a handler that throws when it is looked at is gone", () => {
  const throws = () => {
    throw new Error("no level");
  };
  const throwing = Object.defineProperty(new NullHandler(), "level", { get: throws });
  for (const [bad, reason] of [[throwing, "no level"], [null, "null"]] as const) {
    const program = new Program();
    program.change(levels({ app: "DEBUG" }));
    program.manager.getLogger("other");
    const odd = program.manager.getLogger("odd");
    odd.handlers.push(bad as never);
    for (let tries = 0; tries < 2; tries++) {
      assertThrows(() => program.change(levels({ app: "INFO" })), Error, reason);
    }
    odd.handlers = [];
    assertEquals(program.manager.getLogger("app").level, 10);
    program.change(levels({ app: "ERROR", odd: "ERROR" }));
    assertEquals(program.manager.getLogger("app").level, 40);
    program.log.reset(99);
    assertEquals([program.manager.getLogger("app").level, odd.level], [0, 0]);
  }
});
