import { assert, assertEquals, assertThrows } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { explainConfig } from "../../src/config/check/explain_config.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { otelLevels, otelYaml } from "../../src/config/otel/otel_levels.ts";
import { ABOVE_ALL } from "../../src/core/levels/above_all.ts";
import { CONFIGURATOR } from "../../src/config/otel/read_otel_config.ts";
import { readFrameText } from "../../src/wire/command.ts";
import { overrideEnd } from "../../src/hub/board/override_policy.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Manager } from "../../src/core/loggers/manager.ts";

/** A file as OpenTelemetry's SDKs take it, with other things in it. */
function otelFile(configurator: unknown, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    file_format: "1.1",
    disabled: false,
    resource: { attributes: [{ name: "service.name", value: "shop" }] },
    logger_provider: {
      processors: [{ simple: { exporter: { console: null } } }],
      [CONFIGURATOR]: configurator,
    },
    ...more,
  });
}

/** A tree of loggers, some of which have levels of their own, that takes changes. */
class Program {
  readonly manager = new Manager();
  readonly log = new ReversibleChanges(this.manager, standardRegistry());
  #seq = 0;

  constructor(levels: Readonly<Record<string, string>>) {
    for (const [name, level] of Object.entries(levels)) {
      this.manager.getLogger(name).setLevel(level);
    }
  }

  /** What a sender sends, as the hub lets it in. */
  send(text: string, expiresAt?: number): void {
    readFrameText(text);
    const seq = ++this.#seq, at = "2026-11-22T00:00:00Z";
    this.log.apply({ id: `${seq}`, seq, text, by: "somebody", at, expiresAt });
  }

  /** Own levels, root first. */
  get levels(): Record<string, number> {
    const all = [...this.manager.loggers()].map(({ name, level }) => [name, level] as const);
    return Object.fromEntries(all.sort(([a], [b]) => a < b ? -1 : 1));
  }
}

const LOGGERS = {
  root: "WARNING",
  app: "NOTSET",
  "app.db": "ERROR",
  "app.db.pool": "NOTSET",
  "app.http": "NOTSET",
  lib: "DEBUG",
};

const LIMITS = { maxOverride: 60_000, maxLines: 1000 };

Deno.test("the first entry that fits a logger is its level; what is there is what fits", () => {
  const cases: [desc: string, configurator: unknown, expected: Record<string, number>][] = [
    ["a default is the root's", { default_config: { minimum_severity: "error" } }, { root: 40 }],
    [
      "a name is that logger, and those below",
      { loggers: [{ name: "app", config: { minimum_severity: "debug" } }] },
      { app: 10 },
    ],
    [
      "children by a star, of which those with levels of their own are set too",
      { loggers: [{ name: "app.*", config: { minimum_severity: "info" } }] },
      { app: 20, "app.db": 20 },
    ],
    [
      "the first counts",
      {
        loggers: [
          { name: "app.db", config: { minimum_severity: "debug" } },
          { name: "app.*", config: { enabled: false } },
          { name: "app.http", config: { minimum_severity: "trace" } },
        ],
      },
      { app: ABOVE_ALL, "app.db": 10, "app.db.pool": ABOVE_ALL, "app.http": ABOVE_ALL },
    ],
    [
      "patterns in the middle fit what is there",
      { loggers: [{ name: "*.?b*", config: { minimum_severity: "warn" } }] },
      { "app.db": 30 },
    ],
    ["a new logger", { loggers: [{ name: "new.one", config: { enabled: true } }] }, {
      "new.one": 1,
    }],
    [
      "a star alone is everything",
      { loggers: [{ name: "*", config: { minimum_severity: "fatal2" } }] },
      { root: 51, "app.db": 51, lib: 51 },
    ],
    [
      "nulls say nothing",
      {
        default_config: { enabled: null, minimum_severity: "info3", trace_based: null },
        loggers: [{ name: "lib", config: { trace_based: false } }],
      },
      { root: 22, lib: 1 },
    ],
  ];
  for (const [desc, configurator, expected] of cases) {
    const program = new Program(LOGGERS);
    const before = program.levels;
    program.send(otelFile(configurator));
    const after = program.levels;
    // A logger in between is made when one below it is.
    const changed = Object.entries(after).filter(([name, level]) => level !== (before[name] ?? 0));
    assertEquals(Object.fromEntries(changed), expected, desc);
  }
});

Deno.test("it is a change of levels: it shows, is taken back, and leaves the rest alone", () => {
  const program = new Program(LOGGERS);
  const before = program.levels;
  const text = otelFile({ loggers: [{ name: "app.*", config: { minimum_severity: "debug" } }] });
  program.send(text);
  const db = program.manager.getLogger("app.db");
  assert(db.isEnabledFor("DEBUG"));
  assertEquals(program.log.takeBack(["1"]).length, 1);
  assertEquals(program.levels, before);
  // What floods is capped, also where only a pattern says so.
  assertEquals(overrideEnd(text, { forever: false }, LIMITS).time, 60_000);
  const patterns = otelFile({ loggers: [{ name: "*db*", config: { minimum_severity: "debug" } }] });
  assertEquals(overrideEnd(patterns, { forever: false }, LIMITS).time, 60_000);
  const quiet = otelFile({ default_config: { minimum_severity: "error" } });
  assertEquals(
    overrideEnd(quiet, { forever: false }, LIMITS).time,
    undefined,
  );
});

Deno.test("what cannot be taken is refused, with its place", () => {
  const path = `logger_provider.${CONFIGURATOR}`;
  const entry = (config: unknown, name: unknown = "a") => ({ loggers: [{ name, config }] });
  const cases: [configurator: unknown, reason: string, section: string, key?: string][] = [
    [undefined, "it needs an object logger_provider", path],
    [[], "it needs an object logger_provider", path],
    [
      { defaultconfig: {} },
      'Cannot use "defaultconfig": it is unknown, did you mean "default_config"?',
      path,
      "defaultconfig",
    ],
    [{ loggers: {} }, "loggers must be a list of 1000 at most", path, "loggers"],
    [
      entry({ enabled: "no" }),
      'Cannot use enabled "no": it must be true or false',
      `${path}.loggers[0].config`,
      "enabled",
    ],
    [
      entry({ minimum_severity: "warning" }),
      'Cannot use minimum_severity "warning": it must be one of trace, debug',
      `${path}.loggers[0].config`,
      "minimum_severity",
    ],
    [
      entry({ minimum_severity: 9 }),
      "Cannot use minimum_severity 9: it must be one of",
      `${path}.loggers[0].config`,
      "minimum_severity",
    ],
    [
      entry({ trace_based: true }),
      "a level does not depend on traces",
      `${path}.loggers[0].config`,
      "trace_based",
    ],
    [entry({}, ""), "it must be a text of 1 to 1000 characters", `${path}.loggers[0]`, "name"],
    [
      entry(undefined),
      "Cannot read undefined: it must be an object with enabled",
      `${path}.loggers[0].config`,
    ],
    [
      { default_config: "info" },
      'Cannot read "info": it must be an object',
      `${path}.default_config`,
    ],
    [
      { loggers: Array(1001).fill({ name: "a", config: {} }) },
      "loggers must be a list of 1000 at most",
      path,
      "loggers",
    ],
  ];
  for (const [configurator, reason, section, key] of cases) {
    const program = new Program({});
    const error = assertThrows(() => program.send(otelFile(configurator)), ConfigError, reason);
    assertEquals([error.section, error.key], [section, key]);
  }
  const long = "a.".repeat(60) + "b";
  const program = new Program({});
  assertThrows(() => program.send(otelFile(entry({}, long))), ConfigError, "parts at most");
  const open = { logdial: { open: 7 } };
  assertThrows(() => program.send(otelFile({}, open)), ConfigError, "Cannot use open 7");
});

Deno.test("check has nothing against it", () => {
  assertEquals(explainConfig(otelFile({ default_config: {} })), []);
  const [finding] = explainConfig(otelFile({ default_config: { enable: true } }));
  assertEquals(finding?.severity, "error");
});

Deno.test("the running levels are told so that sending them changes nothing", () => {
  const program = new Program({ ...LOGGERS, off: "NOTSET", "off.below": "INFO" });
  const off = program.manager.getLogger("off");
  off.disabled = true;
  const levels = otelLevels(describeConfig(program.manager, standardRegistry()));
  assertEquals(
    otelYaml(levels),
    `file_format: "1.1"
logger_provider:
  logger_configurator/development:
    default_config: { minimum_severity: warn }
    loggers:
      - name: "app.db"
        config: { minimum_severity: error }
      - name: "app.db.*"
        config: { minimum_severity: error }
      - name: "off.below"
        config: { minimum_severity: info }
      - name: "off.below.*"
        config: { minimum_severity: info }
      - name: "lib"
        config: { minimum_severity: debug }
      - name: "lib.*"
        config: { minimum_severity: debug }
      - name: "off"
        config: { enabled: false }
      - name: "off.*"
        config: { minimum_severity: warn }`,
  );
  const before = program.levels;
  program.send(JSON.stringify(levels));
  assertEquals(program.levels, { ...before, off: ABOVE_ALL });
  assert(!off.isEnabledFor("CRITICAL"));
});

Deno.test("whatever a thread says is running, its levels are told", () => {
  for (
    const dict of [undefined, null, 7, [], { root: 7, loggers: [1] }, { root: { level: "HTTP" } }]
  ) {
    assertEquals(otelLevels(dict).logger_provider[CONFIGURATOR].default_config, {}, `${dict}`);
  }
  const dict = {
    root: { level: 1000 },
    loggers: { __proto__: null, a: { level: "HTTP" }, "b: c": { level: 5 } },
  };
  assertEquals(otelYaml(otelLevels(dict)).split("\n").slice(3), [
    "    default_config: { enabled: false }",
    "    loggers:",
    '      - name: "b: c"',
    "        config: { minimum_severity: trace }",
    '      - name: "b: c.*"',
    "        config: { minimum_severity: trace }",
  ]);
});
