import { assert, assertEquals, assertThrows } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { parseDuration } from "../../src/config/spec/duration.ts";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { readFrameText } from "../../src/wire/command.ts";
import { least } from "../harness/least.ts";

/** Longest time that a text may take the hub or a thread, in milliseconds; far more than it does. */
const LONGEST_MS = 1000;

const PYTHON_JSON = "pythonjsonlogger.json.JsonFormatter";

/** A `.conf` with some parts of it replaced. */
interface Parts {
  readonly loggers?: string;
  readonly formatters?: string;
  readonly args?: string;
  readonly className?: string;
  readonly format?: string;
  readonly more?: string;
}

function conf(parts: Parts = {}): string {
  const { loggers = "", formatters = "", args = "()", className = "NullHandler" } = parts;
  const { format = "%(message)s", more = "" } = parts;
  return `[loggers]
keys=root${loggers}
[handlers]
keys=h
[formatters]
keys=f${formatters}
[logger_root]
level=DEBUG
handlers=h
[handler_h]
class=${className}
args=${args}
formatter=f
[formatter_f]
format=${format}
${more}`;
}

function dict(parts: object): string {
  return JSON.stringify({ version: 1, root: { level: "INFO" }, ...parts });
}

function command(parts: object): string {
  return JSON.stringify({ logdial: parts });
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** One logger of a `.conf`. */
function named(name: string): string {
  return conf({ loggers: ",a", more: `[logger_a]\nqualname=${name}\nhandlers=\n` });
}

function table(count: number, value: unknown): Record<string, unknown> {
  return Object.fromEntries(times(count, (index) => [`x${index}`, value]));
}

const LONG = times(100, () => "x".repeat(1000)), FIELDS = "%(message)s".repeat(200);

/** Each bound: what is just within it, what is over it, and the rule that is told. */
const BOUNDS: readonly { desc: string; good?: string; bad: string; rule: string }[] = [
  {
    desc: "characters of a name",
    good: named("x".repeat(1000)),
    bad: named("x".repeat(1001)),
    rule: "1000 characters at most",
  },
  {
    desc: "parts of a name",
    good: named(times(50, () => "x").join(".")),
    bad: named(times(51, () => "x").join(".")),
    rule: "50 parts at most",
  },
  {
    desc: "parts of a name in a dict",
    bad: dict({ incremental: true, loggers: { [times(40_000, () => "x").join(".")]: {} } }),
    rule: "at most",
  },
  {
    desc: "names of disabled loggers",
    bad: dict({ logdial: { disabled: ["x".repeat(1001)] } }),
    rule: "1000 characters at most",
  },
  {
    desc: "the logger of a tail",
    good: command({ command: "tail", logger: "x".repeat(1000) }),
    bad: command({ command: "tail", logger: "x".repeat(1001) }),
    rule: "1000 characters at most",
  },
  {
    desc: "the time of a dump",
    good: command({ command: "dump", last: "30s" }),
    bad: command({ command: "dump", last: "9".repeat(60) }),
    rule: "like 90s, 10m or 1h30m",
  },
  {
    desc: "the fields of a dump",
    good: command({ command: "dump", where: { requestId: "x".repeat(900) } }),
    bad: command({ command: "dump", where: { requestId: "x".repeat(1000) } }),
    rule: "1 to 20 texts by field",
  },
  {
    desc: "loggers that are recorded",
    good: dict({ incremental: true, logdial: { record: { ["x".repeat(1000)]: "DEBUG" } } }),
    bad: dict({ incremental: true, logdial: { record: { ["x".repeat(1001)]: "DEBUG" } } }),
    rule: "1000 characters at most",
  },
  {
    desc: "the memory of a recorder",
    good: dict({ incremental: true, logdial: { record: "app=DEBUG", record_size: "4M" } }),
    bad: dict({ incremental: true, logdial: { record: "app=DEBUG", record_size: "5M" } }),
    rule: "64K to 4M",
  },
  {
    desc: "fields in % style",
    good: conf({ format: "%(message)s".repeat(200) }),
    bad: conf({ format: "%(message)s".repeat(201) }),
    rule: "more than 200 fields",
  },
  {
    desc: "fields in { style",
    good: conf({ format: "{message}".repeat(200), more: "style={\n" }),
    bad: conf({ format: "{message}".repeat(201), more: "style={\n" }),
    rule: "more than 200 fields",
  },
  {
    desc: "fields in $ style",
    good: conf({ format: "${message}".repeat(200), more: "style=$\n" }),
    bad: conf({ format: "${message}".repeat(201), more: "style=$\n" }),
    rule: "more than 200 fields",
  },
  {
    desc: "fields in a dict's own class",
    bad: dict({ formatters: { f: { "()": "logging.Formatter", fmt: "%(name)s".repeat(201) } } }),
    rule: "more than 200 fields",
  },
  {
    desc: "width",
    good: conf({ format: "%(message)10000s" }),
    bad: conf({ format: "%(message)10001s" }),
    rule: "widths and precisions may be 10000 at most",
  },
  {
    desc: "widths together",
    good: conf({ format: "%(message)5000s %(name)5000s" }),
    bad: conf({ format: "%(message)5000s %(name)5001s" }),
    rule: "widths and precisions may be 10000 at most",
  },
  {
    desc: "precision",
    good: conf({ format: "%(message).10000s" }),
    bad: conf({ format: "%(message).500000000s" }),
    rule: "widths and precisions may be 10000 at most",
  },
  {
    desc: "width in { style",
    good: conf({ format: "{message:>10000}", more: "style={\n" }),
    bad: conf({ format: "{message:>10001}", more: "style={\n" }),
    rule: "widths and precisions may be 10000 at most",
  },
  {
    desc: "a width that a record has",
    bad: conf({ format: "{message:>{process}}", more: "style={\n" }),
    rule: "its widths must be numbers",
  },
  {
    desc: "width in a time",
    good: conf({ more: "datefmt=%10000Y 999999\n" }),
    bad: conf({ more: "datefmt=%999999999Y\n" }),
    rule: "widths and precisions may be 10000 at most",
  },
  {
    desc: "length of a format",
    good: conf({ format: `%(message)s${"x".repeat(9980)}` }),
    bad: conf({ format: `%(message)s${"x".repeat(9990)}` }),
    rule: "more than 10000 characters",
  },
  {
    desc: "the format of a time that is set as an attribute",
    bad: formatter({ "()": "logging.Formatter", ".": { default_msec_format: "%s%0300000000d" } }),
    rule: "widths and precisions may be 10000 at most",
  },
  {
    desc: "a default, which a format may show 200 times",
    good: formatter({ format: "%(a)s".repeat(200), defaults: { a: "x".repeat(1000) } }),
    bad: formatter({ format: "%(a)s".repeat(200), defaults: { a: "x".repeat(1001) } }),
    rule: "more than 1000 characters",
  },
  {
    desc: "members of each line",
    good: formatter({ "()": PYTHON_JSON, static_fields: Object.fromEntries(pairs(200)) }),
    bad: formatter({ "()": PYTHON_JSON, static_fields: Object.fromEntries(pairs(201)) }),
    rule: "more than 200 items",
  },
  {
    desc: "names of members",
    good: formatter({ "()": PYTHON_JSON, rename_fields: { message: "x".repeat(1000) } }),
    bad: formatter({ "()": PYTHON_JSON, rename_fields: { message: "x".repeat(1001) } }),
    rule: "more than 1000 characters",
  },
  {
    desc: "what is below members",
    bad: formatter({
      "()": "colorlog.ColoredFormatter",
      secondary_log_colors: Object.fromEntries(pairs(101, { INFO: "red" })),
    }),
    rule: "more than 200 items",
  },
  {
    desc: "an indent of JSON",
    good: formatter({ "()": PYTHON_JSON, json_indent: 100 }),
    bad: formatter({ "()": PYTHON_JSON, json_indent: 1e9 }),
    rule: "100 wide at most",
  },
  {
    desc: "the head of a line of JSON",
    good: conf({ more: `class=logdial.JsonFormatter\nhead=${heads(200).join(" ")}\n` }),
    bad: conf({ more: `class=logdial.JsonFormatter\nhead=${heads(201).join(" ")}\n` }),
    rule: "more than 200 items",
  },
  {
    desc: "a word of a head",
    good: formatter({ class: "logdial.JsonFormatter", head: { a: `=${"x".repeat(999)}` } }),
    bad: formatter({ class: "logdial.JsonFormatter", head: { a: `=${"x".repeat(1000)}` } }),
    rule: "more than 1000 characters",
  },
  {
    desc: "what a filter adds to records",
    good: filter({ "()": "coloredlogs.ProgramNameFilter", programname: "x".repeat(1000) }),
    bad: filter({ "()": "coloredlogs.ProgramNameFilter", programname: "x".repeat(1001) }),
    rule: "more than 1000 characters",
  },
  {
    desc: "what a filter puts in the place of secrets",
    good: filter({ "()": "logdial.RedactFilter", replacement: "x".repeat(1000) }),
    bad: filter({ "()": "logdial.RedactFilter", replacement: "x".repeat(1001) }),
    rule: "more than 1000 characters",
  },
  {
    desc: "what a filter looks for",
    good: filter({ "()": "logdial.RedactFilter", paths: heads(1000) }),
    bad: filter({ "()": "logdial.RedactFilter", paths: heads(1001) }),
    rule: "more than 1000 items",
  },
  {
    desc: "what a filter looks for, in characters",
    good: filter({ "()": "logdial.RedactFilter", paths: times(100, () => "x".repeat(1000)) }),
    bad: filter({ "()": "logdial.RedactFilter", paths: times(101, () => "x".repeat(1000)) }),
    rule: "more than 100000 characters",
  },
  {
    desc: "keys of a dict",
    good: dict({ ...table(998, 1) }),
    bad: dict({ ...table(999, 1) }),
    rule: "Cannot take 1001 keys: one object may have 1000 at most",
  },
  {
    desc: "keys of what logdial is told",
    bad: dict({ incremental: true, logdial: { record: table(50_000, "DEBUG") } }),
    rule: "Cannot take 50000 keys: one object may have 1000 at most",
  },
  {
    desc: "keys of a scope, within a command",
    bad: command({ command: "scope", config: dict({ logdial: { where: table(50_000, "x") } }) }),
    rule: "Cannot take 50000 keys: one object may have 1000 at most",
  },
  {
    desc: "values of a dict",
    good: dict({ incremental: true, logdial: { disabled: times(19_990, () => "x") } }),
    bad: dict({ incremental: true, logdial: { disabled: times(20_000, () => "x") } }),
    rule: "more than 20000 values",
  },
  {
    desc: "loggers to record, in one text",
    good: dict({ incremental: true, logdial: { record: levelTexts(1000) } }),
    bad: dict({ incremental: true, logdial: { record: levelTexts(1001) } }),
    rule: "Cannot take 1001 recorded loggers: one change may have 1000 at most",
  },
  {
    desc: "what all filters look for, by reference",
    good: dict({
      list: LONG,
      filters: table(10, { "()": "logdial.RedactFilter", paths: "cfg://list" }),
    }),
    bad: dict({
      list: LONG,
      filters: table(11, { "()": "logdial.RedactFilter", paths: "cfg://list" }),
    }),
    rule: "more than 1048576 characters of formatters and filters, in all",
  },
  {
    desc: "fields of all formats, by reference",
    good: dict({ long: FIELDS, formatters: table(25, { format: "cfg://long" }) }),
    bad: dict({ long: FIELDS, formatters: table(26, { format: "cfg://long" }) }),
    rule: "more than 5000 fields of formats, in all",
  },
  {
    desc: "the same formatter over and over",
    good: conf({ formatters: ",f".repeat(999) }),
    bad: conf({ formatters: ",f".repeat(1000) }),
    rule: "1000 at most",
  },
  {
    desc: "the same again, a million times",
    bad: conf({ formatters: ",f".repeat(400_000) }),
    rule: "more than 10000 characters",
  },
  {
    desc: "handlers",
    good: dict({ handlers: table(1000, { class: "logging.NullHandler" }) }),
    bad: dict({ handlers: table(1001, { class: "logging.NullHandler" }) }),
    rule: "Cannot take 1001 handlers: one change may have 1000 at most",
  },
  {
    desc: "loggers",
    good: dict({ incremental: true, loggers: table(1000, {}) }),
    bad: dict({ incremental: true, loggers: table(1001, {}) }),
    rule: "Cannot take 1001 loggers: one change may have 1000 at most",
  },
  {
    desc: "handlers of a logger",
    good: dict({ root: { handlers: times(100, () => "h") }, handlers: { h: NULL() } }),
    bad: dict({ root: { handlers: times(101, () => "h") }, handlers: { h: NULL() } }),
    rule: "one list may have 100 at most",
  },
  {
    desc: "handlers of all loggers, by reference",
    bad: dict({
      list: times(100, () => "h"),
      handlers: { h: NULL() },
      loggers: table(101, { handlers: "cfg://list" }),
    }),
    rule: "one change may give 10000 at most, in all",
  },
  {
    desc: "lists of lists by reference",
    bad: dict({
      a: times(100, () => "cfg://b"),
      b: times(100, () => "cfg://c"),
      c: times(100, () => 1),
      handlers: { h: { class: "logging.NullHandler", level2: "cfg://a" } },
    }),
    rule: "more than 100000 values",
  },
  {
    desc: "a circle of references",
    bad: dict({ a: "cfg://b", b: "cfg://a", handlers: { h: { class: "cfg://a" } } }),
    rule: "in a circle",
  },
  {
    desc: "depth of a dict",
    good: dict({ x: JSON.parse(`${"[".repeat(49)}${"]".repeat(49)}`) }),
    bad: `{"version": 1, "x": ${"[".repeat(500_000)}${"]".repeat(500_000)}}`,
    rule: "nests deeper than 50 levels",
  },
  {
    desc: "depth of a literal",
    bad: conf({ args: `(${"(".repeat(4000)}${")".repeat(4000)},)` }),
    rule: "nests deeper than 50 levels",
  },
  {
    desc: "size of a number in a literal",
    good: conf({ args: "((1<<9998) * (1<<9000) >> 18990,)" }),
    bad: conf({ args: `(${times(900, () => "(1<<9998)").join("*")},)` }),
    rule: "an integer of more than 20000 bits",
  },
  {
    desc: "texts are not multiplied",
    bad: conf({ args: "('a' * 10**9,)" }),
    rule: "only for numbers",
  },
  {
    desc: "options and sections of a .conf",
    good: conf({ more: times(3980, (index) => `k${index}=1\n`).join("") }),
    bad: conf({ more: times(3990, (index) => `k${index}=1\n`).join("") }),
    rule: "more than 4000 options and sections",
  },
  {
    desc: "lines of a .conf",
    good: conf({ more: "#\n".repeat(19_900) }),
    bad: conf({ more: "#\n".repeat(20_000) }),
    rule: "more than 20000 lines",
  },
  {
    desc: "length of a value",
    good: conf({ more: `x=${"y".repeat(10_000)}\n` }),
    bad: conf({ more: `x=${"y".repeat(10_001)}\n` }),
    rule: "more than 10000 characters",
  },
  {
    desc: "references in one value",
    bad: conf({
      className: "%(k0)s",
      more: `[DEFAULT]\n${
        times(9, (index) => `k${index}=${`%(k${index + 1})s`.repeat(100)}\n`).join("")
      }k9=x\n`,
    }),
    rule: "more than 1000 references",
  },
  {
    desc: "what references make of all values",
    bad: conf({
      loggers: times(900, (index) => `,l${index}`).join(""),
      more: `[DEFAULT]\nq=${"x".repeat(900)}\nqualname=%(q)s\nhandlers=%(q)s\n${
        times(900, (index) => `[logger_l${index}]\n`).join("")
      }`,
    }),
    rule: "grow over 1048576 characters",
  },
  {
    desc: "a transaction's name",
    good: command({ command: "commit", transaction: "x".repeat(100) }),
    bad: command({ command: "commit", transaction: "x".repeat(101) }),
    rule: "100 characters at most",
  },
  {
    desc: "a duration",
    good: dict({ logdial: { expires: "24d" } }),
    bad: dict({ logdial: { expires: "25d" } }),
    rule: "up to 24d",
  },
  {
    desc: "a duration that is none, and long",
    bad: dict({ logdial: { expires: `${"1".repeat(100_000)}x` } }),
    rule: "Cannot read duration",
  },
];

function formatter(one: object): string {
  return dict({ formatters: { f: one } });
}

function filter(one: object): string {
  return dict({ filters: { f: one } });
}

function pairs(count: number, value: unknown = "v"): [name: string, value: unknown][] {
  return times(count, (index) => [`k${index}`, value]);
}

function levelTexts(count: number): string {
  return times(count, (index) => `l${index}=DEBUG`).join(",");
}

function heads(count: number): string[] {
  return times(count, (index) => `k${index}=message`);
}

function NULL(): object {
  return { class: "logging.NullHandler" };
}

function newLog(manager: Manager): ReversibleChanges {
  const log = new ReversibleChanges(manager, standardRegistry());
  log.policy = { isGuarded: true, wireHandlers: [] };
  return log;
}

function apply(log: ReversibleChanges, text: string): void {
  const seq = log.seen.length + 1;
  log.apply({ id: `${seq}`, seq, text, by: "somebody", at: "2026-11-22T00:00:00Z" });
}

/** What a listener and a thread do with a text; undefined if it is taken, else the reason. */
async function take(text: string): Promise<string | undefined> {
  let reason: string | undefined;
  await assertSoon(() => reason = reasonAgainst(text));
  return reason;
}

function reasonAgainst(text: string): string | undefined {
  try {
    const { command } = readFrameText(text);
    if (command.kind === "change") apply(newLog(new Manager()), text);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Does something that must be done soon. */
async function assertSoon(act: () => void): Promise<void> {
  const time = await least(LONGEST_MS, () => {
    const begin = performance.now();
    act();
    return performance.now() - begin;
  });
  assert(time < LONGEST_MS, `${time} ms`);
}

Deno.test("what comes over the wire is bounded, and refused with the rule", async (t) => {
  for (const { desc, good, bad, rule } of BOUNDS) {
    await t.step(desc, async () => {
      const reason = await take(bad);
      assert(reason?.includes(rule), reason);
      if (good !== undefined) assertEquals(await take(good), undefined);
    });
  }
});

Deno.test("redactions of many handlers are not compared with each other in their square", async () => {
  const paths = (index: number) => [...times(100, (at) => `p${at}`), `z${index}`];
  const filters = times(
    100,
    (at) => [`f${at}`, { "()": "logdial.RedactFilter", paths: paths(at) }],
  );
  const list = filters.map(([name]) => name);
  const handlers = table(600, { class: "logging.StreamHandler", filters: "cfg://list" });
  const config = dict({ list, filters: Object.fromEntries(filters), handlers });
  assertEquals(await take(config), undefined);
});

Deno.test("a bound that a formatter is beyond is told with the key that is meant", () => {
  const long = "%Y".repeat(5001);
  const formatter = (parts: object) => dict({ formatters: { f: parts } });
  const cases = [
    ["datefmt", conf({ more: `datefmt=${"%Y ".repeat(201)}\n` })],
    ["format", conf({ format: "%(message)s ".repeat(201) })],
    ["datefmt", formatter({ format: "%(message)s", datefmt: long })],
    ["format", formatter({ format: long })],
    ["datefmt", formatter({ "()": "logging.Formatter", fmt: "%(message)s", datefmt: long })],
    ["fmt", formatter({ "()": "logging.Formatter", fmt: long })],
  ] as const;
  for (const [key, text] of cases) {
    const error = assertThrows(() => readFrameText(text), ConfigError);
    assertEquals([error.key, error.reason.startsWith(`Cannot use ${key} `)], [key, true], text);
  }
});

Deno.test("a thread has 100000 loggers at most from outside, those between them included", () => {
  const manager = new Manager();
  const log = newLog(manager);
  const send = (prefix: string, count: number) => {
    const names = times(count, (index) => [`${prefix}.x.${index}`, {}]);
    const text = dict({ incremental: true, loggers: Object.fromEntries(names) });
    apply(log, text);
  };
  for (let index = 0; index < 98_998; index++) manager.getLogger(`p.x.${index}`);
  const before = manager.loggerDict.size;
  assertThrows(() => send("last", 999), ConfigError, "100000 may be in all");
  assertEquals(manager.loggerDict.size, before);
  send("last", 998);
  assertEquals(manager.loggerDict.size, 100_000);
  // What is there may still be turned.
  send("p", 1000);
});

Deno.test("unsigned changes make 10000 loggers of a thread at most, and the program any number", () => {
  const manager = new Manager();
  const log = newLog(manager);
  log.policy = { isGuarded: false, wireHandlers: [] };
  const text = (prefix: string, count: number) =>
    dict({
      incremental: true,
      loggers: Object.fromEntries(times(count, (at) => [`${prefix}.${at}`, { level: "INFO" }])),
    });
  for (let at = 0; at < 20_000; at++) manager.getLogger(`own.${at}`);
  for (let frame = 0; frame < 9; frame++) apply(log, text(`a${frame}`, 1000));
  // Those that there are, and what is made again after a rollback, count for nothing.
  apply(log, text("own", 1000));
  log.takeBack([log.inForce.at(-2)!.id]);
  assertThrows(
    () => apply(log, text("b", 991)),
    ConfigError,
    "Cannot make 992 more loggers: unsigned changes may make 10000 in a thread, and have made 9009; " +
      'sign the change (option "key" of listen)',
  );
  apply(log, text("b", 990));
  assertThrows(() => apply(log, text("c", 1)), ConfigError, "have made 10000");
  const signed = { id: "signed", seq: 1000, by: "somebody", at: "2026-11-22T00:00:00Z" };
  log.apply({ ...signed, text: text("c", 1000), isTrusted: true });
  manager.getLogger("program");
  assertEquals(manager.loggerDict.size, 20_001 + 10_000 + 1001 + 1);
});

Deno.test("names that every object inherits are names like any other", async () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const manager = new Manager();
  const log = newLog(manager);
  const entries = (value: string) => names.map((name) => `"${name}": ${value}`).join();
  const text = `{"version": 1, "handlers": {${entries('{"class": "logging.NullHandler"}')}},
    "formatters": {${entries('{"format": "%(message)s"}')}},
    "loggers": {${entries('{"level": "ERROR", "handlers": ["__proto__", "constructor"]}')}}}`;
  assertEquals(readFrameText(text).command.kind, "change");
  apply(log, text);
  for (const name of names) {
    const logger = manager.getLogger(name);
    assertEquals([logger.level, logger.handlers.length], [40, 2], name);
  }
  for (const name of names) {
    assert((await take(dict({ root: { level: name } })))?.includes(name));
  }
  for (const name of names) {
    const own =
      `[logger_${name}]\nqualname=${name}\nlevel=ERROR\nhandlers=\n${name}=1\n[${name}]\na=1\n`;
    assertEquals(await take(conf({ loggers: `,${name}`, more: own })), undefined);
  }
});

Deno.test("a duration is read or refused at once, whatever it is", async () => {
  const good: [text: string, milliseconds: number][] = [
    ["90", 90_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    ["20ms", 20],
    ["1m1m", 120_000],
  ];
  for (const [text, milliseconds] of good) assertEquals(parseDuration(text), milliseconds);
  for (const bad of ["", "x", "1x", "1s ", "-1s", "1.s", ".5s", "1e3", "0", "25d", "NaN"]) {
    assertThrows(() => parseDuration(bad), RangeError, "it must be like 90s");
  }
  await assertSoon(() => {
    for (const piece of ["1", "1.1", "1s", "11m"]) {
      for (const length of [28, 50, 1000, 1_000_000]) {
        assertThrows(() => parseDuration(`${piece.repeat(length)}x`), RangeError);
      }
    }
  });
});
