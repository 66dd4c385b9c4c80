import { assertRejects, assertThrows } from "@std/assert";
import * as client from "../../src/client/mod.ts";
import { applyBasicConfig } from "../../src/config/basic_config.ts";
import { fileConfig } from "../../src/config/file_config.ts";
import { getConfig } from "../../src/config/describe/get_config.ts";
import { registerFormatter, registerHandler } from "../../src/config/register.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { Queue } from "../../src/handlers/queues/queue.ts";
import { QueueListener } from "../../src/handlers/queues/queue_listener.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { listenSync } from "../../src/hub/listen.ts";

/** Calls as JavaScript allows them, whose options no compiler has looked at. */
type Call = (options: never) => unknown;

const CLIENT: Readonly<Record<string, Call>> = {
  send: (options) => client.send('{"version": 1}', options),
  set: (options) => client.set({ root: "DEBUG" }, options),
  reset: (options) => client.reset(options),
  rollback: (options) => client.rollback(1, options),
  get: (options) => client.get(options),
  history: (options) => client.history(options),
  check: (options) => client.check('{"version": 1}', options),
  status: (options) => client.status(options),
  scan: (options) => client.scan(options),
  loggers: (options) => client.loggers(options),
  why: (options) => client.why("app", "DEBUG", options),
  record: (options) => client.record({ root: "DEBUG" }, options),
  tail: (options) => client.tail(options).next(),
  dump: (options) => client.dump(options).next(),
};

const OTHERS: Readonly<Record<string, Call>> = {
  listen: (options) => listenSync(undefined, options),
  basicConfig: (options) => applyBasicConfig(new Manager(), options),
  fileConfig: (options) => fileConfig("", options),
  getConfig: (options) => getConfig(options),
  registerHandler: (options) => registerHandler("x", StreamHandler, options),
  registerFormatter: (options) => registerFormatter("x", Formatter, options),
  Formatter: (options) => new Formatter("%(message)s", null, "%", true, options),
  QueueListener: (options) => new QueueListener(new Queue(), options),
};

Deno.test("an option of the client that is unknown or of a wrong type is an error, never everyone", async (t) => {
  const cases: { options: unknown; says: string }[] = [
    { options: { prot: 9002 }, says: 'it is unknown, did you mean "port"?' },
    { options: { colour: 1 }, says: "it is unknown, known are" },
    { options: { prot: undefined }, says: "it is unknown" },
    { options: Object.create({ prot: 9002 }), says: "it is unknown" },
    { options: { port: "9002" }, says: '"port"' },
    { options: { port: 70_000 }, says: "1 to 65535" },
    { options: { port: null }, says: "1 to 65535" },
    { options: { ports: [9002] }, says: "[first, last]" },
    { options: { ports: [9001, 9002, 9003] }, says: "a single one goes to port" },
    { options: { ports: [9003, 9001] }, says: "[first, last]" },
    { options: { ports: [] }, says: "[first, last]" },
    { options: { ports: "9001-9003" }, says: "[first, last]" },
    { options: { port: 9001, ports: [9001, 9002] }, says: "port and ports together" },
    { options: { timeout: 0 }, says: '"timeout"' },
    { options: { hostname: "" }, says: '"hostname"' },
    { options: "9002", says: "give an object" },
    { options: null, says: "give an object" },
    { options: [], says: "give an object" },
  ];
  for (const [name, call] of Object.entries(CLIENT)) {
    await t.step(name, async () => {
      for (const { options, says } of cases) {
        await assertRejects(async () => await call(options as never), Error, says);
      }
      if (name !== "scan") {
        await assertRejects(async () => await call({ pid: "1" } as never), TypeError, '"pid"');
        await assertRejects(async () => await call({ key: "" } as never), TypeError, '"key"');
        // A number is of another type where a text belongs, and out of range where a number does.
        await assertRejects(async () => await call({ app: 5 } as never), TypeError, '"app"');
        await assertRejects(async () => await call({ pid: 0 } as never), RangeError, '"pid"');
      }
    });
  }
});

Deno.test("options of one command are checked too", async (t) => {
  const cases: { call: keyof typeof CLIENT; options: unknown; says: string }[] = [
    { call: "set", options: { for: "soon" }, says: "like 90s, 10m or 1h30m" },
    { call: "set", options: { for: 600 }, says: "a text like 90s" },
    { call: "send", options: { forever: "yes" }, says: "true or false" },
    { call: "send", options: { atomic: 1 }, says: "true or false" },
    { call: "send", options: { wait: -1 }, says: '"wait"' },
    { call: "get", options: { for: "10m" }, says: '"for" of get: it is unknown' },
    { call: "reset", options: { forever: true }, says: '"forever" of reset: it is unknown' },
    { call: "tail", options: { signal: {} }, says: "an AbortSignal" },
    { call: "tail", options: { loger: "app" }, says: 'did you mean "logger"?' },
    { call: "set", options: { where: {} }, says: "an object of 1 to 20 texts by field" },
    { call: "set", options: { sample: "1/0" }, says: "must be like 1/100 or 1/100:requestId" },
    { call: "set", options: { match: "" }, says: "must be a text of 1 to 1000 characters" },
    { call: "record", options: { size: "1G" }, says: "64K to 4M" },
    { call: "record", options: { lines: 5 }, says: "what is recorded brings out no lines" },
    { call: "dump", options: { last: "soon" }, says: "must be like 90s, 10m or 1h30m, up to 24d" },
    { call: "dump", options: { last: 30 }, says: "a text like 90s" },
    { call: "dump", options: { where: { a: 1 } }, says: "an object of texts by field" },
  ];
  for (const { call, options, says } of cases) {
    await t.step(`${call} ${JSON.stringify(options)}`, async () => {
      await assertRejects(async () => await CLIENT[call]!(options as never), Error, says);
    });
  }
  await t.step("rollback takes a number first", async () => {
    await assertRejects(() => client.rollback({ port: 9002 } as never), RangeError, "whole number");
  });
});

Deno.test("a misspelt option of the library is an error, with what may be meant", async (t) => {
  const cases: { call: keyof typeof OTHERS; options: unknown; says: string }[] = [
    { call: "listen", options: { port: 9001 }, says: 'did you mean "ports"?' },
    { call: "listen", options: { maxOveride: 5 }, says: 'did you mean "maxOverride"?' },
    { call: "listen", options: { allowUnsigned: "no" }, says: "true or false" },
    { call: "listen", options: { key: "" }, says: "not empty" },
    { call: "listen", options: { verify: "x" }, says: "a function" },
    { call: "listen", options: { maxOverride: Infinity }, says: "a whole number" },
    { call: "listen", options: { ports: [9001] }, says: "[first, last]" },
    { call: "basicConfig", options: { fromat: "x" }, says: 'did you mean "format"?' },
    { call: "basicConfig", options: { force: "yes" }, says: "true or false" },
    {
      call: "fileConfig",
      options: { disable_existing_loggers: false },
      says: 'did you mean "disableExistingLoggers"?',
    },
    { call: "getConfig", options: { alLoggers: true }, says: 'did you mean "allLoggers"?' },
    { call: "registerHandler", options: { params: ["a"] }, says: "it is unknown" },
    { call: "registerFormatter", options: { parameter: ["a"] }, says: '"parameters"?' },
    { call: "registerHandler", options: { parameters: "a" }, says: "a list of names" },
    { call: "Formatter", options: { default: {} }, says: 'did you mean "defaults"?' },
    {
      call: "QueueListener",
      options: { respect_handler_level: true },
      says: '"respectHandlerLevel"?',
    },
  ];
  for (const { call, options, says } of cases) {
    await t.step(`${call} ${says}`, () => {
      assertThrows(() => OTHERS[call]!(options as never), Error, says);
    });
  }
});

Deno.test("names that no logger has, and levels that none is, are refused before anything is sent", async (t) => {
  const cases: { levels: unknown; says: string }[] = [
    { levels: {}, says: "none is given" },
    { levels: "root", says: "give an object" },
    { levels: { "": "DEBUG" }, says: "a logger needs a name" },
    { levels: { " app": "DEBUG" }, says: "with a space" },
    { levels: { "app.": "DEBUG" }, says: "with a dot" },
    { levels: { ".app": "DEBUG" }, says: "with a dot" },
    { levels: { "a=b": "DEBUG" }, says: 'a name has no "="' },
    { levels: { "a\nb": "DEBUG" }, says: "control characters" },
    { levels: { app: "10" }, says: "it must be a name like DEBUG" },
    { levels: { app: "" }, says: "it must be a name like DEBUG" },
    { levels: { app: 1.5 }, says: "a whole number" },
    { levels: { app: null }, says: "it must be a name like DEBUG" },
  ];
  for (const { levels, says } of cases) {
    await t.step(JSON.stringify(levels), async () => {
      await assertRejects(() => client.set(levels as never), Error, says);
    });
  }
});

Deno.test("a text that is neither levels nor off is refused as a recording", async () => {
  await assertRejects(
    () => client.record("on" as "off"),
    TypeError,
    'Cannot record "on": give an object like {"app.db": "DEBUG"}, or "off"',
  );
});

Deno.test("a dict, or a text that is still read, is refused where the text of one is sent", async () => {
  for (const [name, call] of [["send", client.send], ["check", client.check]] as const) {
    const says = (what: string) =>
      `Cannot ${name} ${what}: give the text of a configuration, as of JSON.stringify(dict)`;
    const cases: readonly [wrong: unknown, what: string][] = [
      [{ version: 1 }, "an object"],
      [Promise.resolve("[loggers]"), "a promise (await it)"],
      [undefined, "undefined"],
    ];
    for (const [wrong, what] of cases) {
      await assertRejects(() => call(wrong as string, { port: 9 }), TypeError, says(what));
    }
  }
});
