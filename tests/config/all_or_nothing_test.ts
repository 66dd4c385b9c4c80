import { assertEquals, assertThrows } from "@std/assert";
import { applyConfig } from "../../src/config/apply/configurator.ts";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { readConfigText } from "../../src/config/text/config_text.ts";
import type { Handler } from "../../src/core/handlers/handler.ts";
import { checkLevel, ERROR, INFO, type Level } from "../../src/core/levels/levels.ts";
import { Logger, type LoggerContext } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";

/** What loggers of the program's own class refuse for now. */
const refused = { name: "", level: -1 };

class StrictLogger extends Logger {
  constructor(name: string, context: LoggerContext, level?: number) {
    super(name, context, level);
    if (name === refused.name) throw new Error(`no logger ${name}`);
  }

  override setLevel(level: Level): void {
    if (checkLevel(level) === refused.level) throw new Error(`no level ${level}`);
    super.setLevel(level);
  }
}

/** A program whose loggers and handlers refuse what it has them refuse. */
class Program {
  readonly manager = new Manager();
  readonly registry = standardRegistry();
  readonly changes: ReversibleChanges = new ReversibleChanges(this.manager, this.registry);
  readonly closed: string[] = [];
  #seq = 0;

  constructor() {
    Object.assign(refused, { name: "", level: -1 });
    const { closed } = this;
    class Closing extends NullHandler {
      override close(): void {
        closed.push(this.name!);
      }

      override setLevel(level: Level): void {
        if (checkLevel(level) === refused.level) throw new Error(`no level ${level}`);
        super.setLevel(level);
      }
    }
    this.registry.registerHandler("closing", Closing);
    this.manager.loggerClass = StrictLogger;
    this.configure(whole("first", { app: {}, "app.db": { level: "INFO" } }));
  }

  configure(config: unknown): void {
    const spec = readConfigText(JSON.stringify(config), () => undefined);
    applyConfig(this.manager, spec, this.registry);
  }

  change(config: unknown, more: { expiresAt?: number; file?: string } = {}): void {
    const seq = ++this.#seq, text = JSON.stringify(config);
    const by = "somebody", at = "2026-11-29T00:00:00Z";
    this.changes.apply({ id: String(seq), seq, text, by, at, isTrusted: true, ...more });
  }

  get state(): unknown {
    const { namedHandlers, recording } = this.manager;
    return [describeConfig(this.manager, this.registry), [...namedHandlers], recording];
  }
}

function whole(handler: string, loggers: Record<string, unknown>): Record<string, unknown> {
  const handlers = { [handler]: { class: "closing" } };
  const root = { level: "ERROR", handlers: [handler] };
  return { version: 1, handlers, loggers, root, logdial: { record: { app: "DEBUG" } } };
}

function incremental(loggers: Record<string, unknown>, handlers = {}): Record<string, unknown> {
  const logdial = { record: { "app.db": "DEBUG" } };
  return { version: 1, incremental: true, handlers, loggers, root: { level: "INFO" }, logdial };
}

const TURNS = { app: { level: "DEBUG" }, late: { level: "WARNING" }, last: { level: "ERROR" } };
const SET_UP = { ...TURNS, app: { level: "DEBUG", handlers: ["second"], propagate: false } };

Deno.test("what a class of the program's refuses while a change is put in force takes it all back", async (t) => {
  const cases = [
    { desc: "a name, whole", refuse: { name: "late" }, config: whole("second", SET_UP) },
    { desc: "a level, whole", refuse: { level: 40 }, config: whole("second", SET_UP) },
    { desc: "a name, levels", refuse: { name: "late" }, config: incremental(TURNS) },
    { desc: "a level, levels", refuse: { level: 40 }, config: incremental(TURNS) },
    {
      desc: "a handler's level",
      refuse: { level: 40 },
      config: incremental({}, { first: { level: "INFO" }, other: { level: "ERROR" } }),
    },
  ];
  const ways: Record<string, (program: Program, config: unknown) => void> = {
    "by the program": (program, config) => program.configure(config),
    "from outside": (program, config) => program.change(config),
    "for a while": (program, config) => program.change(config, { expiresAt: 1000 }),
    "by a file": (program, config) => program.change(config, { file: "app.json" }),
  };
  for (const { desc, refuse, config } of cases) {
    for (const [way, apply] of Object.entries(ways)) {
      await t.step(`${desc}, ${way}`, () => {
        const program = new Program();
        const other = new (program.registry.handler("closing")!.type as new () => Handler)();
        other.name = "other";
        program.manager.namedHandlers.set("other", other);
        program.change(incremental({ "app.db": { level: "WARNING" } }));
        const before = program.state, { inForce } = program.changes;
        Object.assign(refused, refuse);
        assertThrows(() => apply(program, config), Error, "no l");
        assertEquals(program.state, before);
        assertEquals(program.closed, "handlers" in config && !config.incremental ? ["second"] : []);
        assertEquals(program.changes.inForce, inForce, "and nothing is there to be taken back");
        Object.assign(refused, { name: "", level: -1 });
        apply(program, config);
        assertEquals(program.manager.getLogger("app").level, desc.includes("handler") ? 0 : 10);
      });
    }
  }
});

Deno.test("a change ends also where a class of the program's refuses what there was before", () => {
  const program = new Program();
  const frozen = Object.freeze({ level: 0, handle: () => true }) as unknown as Handler;
  program.manager.root.addHandler(frozen);
  // What has no name has a function of its own there with each look.
  const before = JSON.stringify(program.state);
  program.change(incremental({ "app.db": { level: "DEBUG" } }), { expiresAt: 1000 });
  program.change(whole("second", {}), { expiresAt: 1000 });
  refused.level = INFO;
  assertEquals(program.changes.expire(2000).length, 2);
  assertEquals(JSON.stringify(program.state), before);
  program.change(incremental({ app: { level: "DEBUG" } }), { expiresAt: 1000 });
  refused.level = -1;
  program.manager.getLogger("app.db").setLevel("ERROR");
  program.change(incremental({ app: { level: "WARNING" } }));
  refused.level = ERROR;
  assertEquals(program.changes.expire(2000).length, 1);
  const levels = ["app", "app.db"].map((name) => program.manager.getLogger(name).level);
  assertEquals(levels, [30, 40]);
});
