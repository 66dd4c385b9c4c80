import { runInNewContext } from "node:vm";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DevFormatter } from "../../src/core/formatters/dev_formatter.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import { isRedacted, watchedRecord } from "../../src/core/loggers/watched_record.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import { makeLogRecord } from "../../src/core/loggers/module_functions.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { RedactFilter, type RedactFilterOptions } from "../../src/filters/redact_filter.ts";
import { FingersCrossedHandler } from "../../src/handlers/queues/fingers_crossed_handler.ts";
import { SocketHandler } from "../../src/handlers/network/socket_handler.ts";
import { Queue } from "../../src/handlers/queues/queue.ts";
import { QueueHandler } from "../../src/handlers/queues/queue_handler.ts";
import { QueueListener } from "../../src/handlers/queues/queue_listener.ts";
import { captureStderr } from "../handlers/captured_stderr.ts";
import { ListHandler } from "../harness/list_handler.ts";
import { newTree } from "../harness/logger_tree.ts";

const GONE = "[redacted]";

/** A tree whose only handler redacts. */
function redactingTree(options: RedactFilterOptions) {
  const tree = newTree();
  tree.handler.addFilter(new RedactFilter(options));
  return tree;
}

/** The fields as they come out of a handler that redacts. */
function redacted(options: RedactFilterOptions, fields: Record<string, unknown>) {
  const { root, handler } = redactingTree(options);
  root.info("up", fields);
  return JSON.parse(new JsonFormatter().format(handler.records[0]!));
}

Deno.test("a path leads to fields wherever it fits, and to no others", async (t) => {
  const secret = () => ({
    password: "p",
    body: { password: "p", user: { Password: "p" } },
    headers: { authorization: "a", accept: "x" },
    req: { headers: { Authorization: "a" }, list: [{ card: 1 }, { card: 2 }] },
    authorization: "other",
  });
  const cases: [path: string, gone: string[]][] = [
    ["password", ["password", "body.password", "body.user.Password"]],
    ["*.password", ["password", "body.password", "body.user.Password"]],
    ["body.password", ["body.password"]],
    ["headers.authorization", ["headers.authorization", "req.headers.Authorization"]],
    ["req.*.authorization", ["req.headers.Authorization"]],
    ["list[*].card", ["req.list.0.card", "req.list.1.card"]],
    ["list[1].card", ["req.list.1.card"]],
    ['headers["accept"]', ["headers.accept"]],
    ["req.headers", ["req.headers"]],
    ["nothing", []],
  ];
  for (const [path, gone] of cases) {
    await t.step(path, () => {
      const given = secret();
      const { time: _, level: _l, logger: _g, message: _m, ...line } = redacted(
        { paths: [path] },
        given,
      );
      const expected: unknown = secret();
      for (const place of gone) {
        const names = place.split(".");
        const last = names.pop()!;
        let holder = expected as Record<string, unknown>;
        for (const name of names) holder = holder[name] as Record<string, unknown>;
        holder[last] = GONE;
      }
      assertEquals(line, expected);
      assertEquals(given, secret(), "the program's own object");
    });
  }
});

Deno.test("a name with dots in it is the same to a path as names in each other", () => {
  const fields = () => ({
    "db.password": 1,
    "http.headers.cookie": 2,
    "http.headers": { cookie: 3, accept: 4 },
    http: { "headers.Cookie": 5, headers: { cookie: 6 } },
    "cookie.headers": 7,
    "a.b": 8,
  });
  const { time: _, level: _l, logger: _g, message: _m, ...line } = redacted(
    { paths: ["password", "headers.cookie", '["a.b"]'] },
    fields(),
  );
  assertEquals(line, {
    "db.password": GONE,
    "http.headers.cookie": GONE,
    "http.headers": { cookie: GONE, accept: 4 },
    http: { "headers.Cookie": GONE, headers: { cookie: GONE } },
    "cookie.headers": 7,
    "a.b": GONE,
  });
});

Deno.test("values of all kinds are looked into", () => {
  class Account {
    name = "kim";
    token = "t";
    toString() {
      return `account of ${this.name}`;
    }
  }
  class Secretive {
    toJSON() {
      return { token: "t", id: 1 };
    }
  }
  const line = redacted({ paths: ["token", "authorization"], patterns: [/4\d{3}/] }, {
    map: new Map<unknown, unknown>([["token", "t"], ["n", 4111], [7, { token: "t" }]]),
    set: new Set([{ token: "t" }, "card 4111"]),
    account: new Account(),
    secretive: new Secretive(),
    request: new Request("http://localhost/?card=4111", { headers: { Authorization: "a" } }),
    url: new URL("http://localhost/?card=4111"),
    date: new Date(0),
    number: 4111,
    big: 4111n,
    bytes: new Uint8Array([1]),
    floats: new Float64Array([4111, 1.5]),
    bigs: new BigInt64Array([4111n]),
    clean: new Int32Array([1]),
    boxed: new String("4111"),
  });
  assertEquals(line.map, { token: GONE, n: GONE, 7: { token: GONE } });
  assertEquals(line.set, [{ token: GONE }, `card ${GONE}`]);
  assertEquals([line.account, line.secretive], [{ name: "kim", token: GONE }, {
    token: GONE,
    id: 1,
  }]);
  assertEquals([line.request.url, line.request.headers], [`http://localhost/?card=${GONE}`, {
    authorization: GONE,
  }]);
  assertEquals(line.url, `http://localhost/?card=${GONE}`);
  assertEquals([line.date, line.bytes], ["1970-01-01T00:00:00.000Z", [1]]);
  assertEquals([line.floats, line.bigs, line.clean], [[GONE, 1.5], [GONE], [1]]);
  assertEquals([line.number, line.big, line.boxed], [GONE, GONE, GONE]);
});

Deno.test("message, arguments, context, bound fields and extra are clean", () => {
  const { root, handler } = redactingTree({ paths: ["token"], patterns: ["pw=\\S+"] });
  withContext({ token: "t", a: "pw=1" }, () => {
    const bound = root.with({ c: { token: "t" }, b: "pw=1" });
    bound.info("user %s has %s and pw=%s", { token: "t" }, ["pw=2"], "x", {
      extra: { token: "t", d: "pw=3" },
    });
    bound.info("%(token)s", { token: "t" });
    bound.info(() => "pw=1");
    bound.info("nothing %d", 1);
    bound.info`pw=${1}`;
  });
  assertEquals(handler.messages, [
    "user {'token': '[redacted]'} has ['[redacted]'] and [redacted]",
    GONE,
    GONE,
    "nothing 1",
    GONE,
  ]);
  const json = handler.records.map((record) => new JsonFormatter().format(record));
  for (const line of json) {
    const { token, a, b, c, d } = JSON.parse(line);
    assertEquals([token, a, b, c.token], [GONE, GONE, GONE, GONE], line);
    assert(d === undefined || d === GONE);
  }
  const [first] = handler.records;
  assertEquals((first as LogRecord & { token?: string }).token, GONE);
  assertEquals([first?.funcName, first?.levelname, first?.args.length], ["<module>", "INFO", 0]);
});

Deno.test("an object that is bound, or in a context, is clean also when it gets a secret later", () => {
  const { root, handler } = redactingTree({ paths: ["token"], patterns: ["pw=\\S+"] });
  const session: Record<string, unknown> = { id: 1 };
  const { log } = withContext({ session }, () => {
    const log = root.with({ session });
    log.info("one");
    root.info("one");
    Object.assign(session, { token: "t", note: "pw=1" });
    log.info("two");
    root.info("two");
    return { log };
  });
  log.info("three");
  const lines = handler.records.slice(2).map((record) =>
    new Formatter("%(message)s %(fields)s").format(record)
  );
  const session2 = `session="{\\"id\\":1,\\"token\\":\\"${GONE}\\",\\"note\\":\\"${GONE}\\"}"`;
  assertEquals(lines, ["two", "two", "three"].map((text) => `${text} ${session2}`));
});

Deno.test("errors are clean with their causes, and stay what they are to the program", () => {
  const { root, handler } = redactingTree({ paths: ["config.token"], patterns: [/s3cret/] });
  const cause = Object.assign(new TypeError("s3cret"), { config: { token: "t" } });
  const error = new AggregateError([new Error("s3cret too")], "no s3cret", { cause });
  const circle: { error?: unknown; name: string } = { name: "s3cret" };
  circle.error = circle;
  root.error("failed", error, { circle });
  const [record] = handler.records;
  const text = new Formatter("%(message)s %(fields)s").format(record!);
  assertEquals(text.includes("s3cret"), false, text);
  assertStringIncludes(text, "Caused by: TypeError: [redacted]");
  assertStringIncludes(text, "[error] Error: [redacted] too");
  const json = JSON.parse(new JsonFormatter().format(record!));
  assertEquals(json.error.cause.config.token, GONE);
  assertEquals(json.circle, { name: GONE, error: "[circular]" });
  assert(record?.exc_info instanceof AggregateError);
  assertEquals([error.message, cause.message, cause.config.token], ["no s3cret", "s3cret", "t"]);
  assertEquals(circle.error, circle);
});

Deno.test("an error of another realm that is cleaned is still an error", () => {
  const { root, handler } = redactingTree({ patterns: [/s3cret/] });
  root.error("failed", runInNewContext('new RangeError("s3cret", { cause: new Error("s3cret") })'));
  const json = JSON.parse(new JsonFormatter().format(handler.records[0]!));
  const { type, message, cause } = json.error;
  assertEquals([type, message, cause.type, cause.message], ["RangeError", GONE, "Error", GONE]);
});

Deno.test("what an object shows in place of itself is clean, whatever it shows", () => {
  const shows = (value: object) => ({ toJSON: () => value });
  class User {
    password = "s3cret";
    toJSON() {
      return { id: 1 };
    }
  }
  const { manager, handler } = redactingTree({ paths: ["password"] });
  const app = manager.getLogger("app");
  app.info("%s", new User(), { list: [shows({ password: "s3cret" })], user: new User() });
  app.info("%s", shows({ password: "s3cret" }));
  const lines = handler.records.map((record) =>
    new Formatter("%(message)s %(fields)s").format(record) + new JsonFormatter().format(record)
  );
  assertEquals(lines.filter((line) => line.includes("s3cret")), []);
  assert(lines[0]!.includes('"list":[{"password":"[redacted]"}],"user":{"id":1}'), lines[0]);
});

Deno.test("an object that speaks for itself by functions of its own shows nothing that was taken out", () => {
  class Arrow {
    password = "s3cret";
    id = 1;
    toJSON = () => this;
    toString = () => `account s3cret`;
  }
  class Bound {
    password = "s3cret";
    id = 1;
    constructor() {
      this.toJSON = this.toJSON.bind(this);
    }
    toJSON() {
      return this;
    }
  }
  const plain: Record<string, unknown> = { password: "s3cret", id: 1, toJSON: () => plain };
  const spoken = { id: 1, toString: () => "s3cret" };
  const list = Object.assign([1], { toString: () => "s3cret" });
  const error = Object.assign(new Error("no"), {
    password: "s3cret",
    toString: () => "s3cret",
  });
  const written = Object.assign([1, "s3cret"], {
    *[Symbol.iterator]() {
      yield* ["s3cret", "s3cret"];
    },
  });
  let reads = 0;
  const late = {
    get token() {
      return reads++ === 0 ? "loading" : "s3cret";
    },
    password: "s3cret",
  };
  const values = [new Arrow(), new Bound(), plain, new Proxy(new Arrow(), {}), spoken, list, error];
  const options = { paths: ["password"], patterns: [/s3cret/] };
  for (const value of [...values, written, late]) {
    const { root, handler } = redactingTree(options);
    root.info("%s", value, { value, nested: { list: [value] } });
    root.info(value);
    root.with({ value }).error("bound", error);
    assertEquals(handler.records.length, 3);
    for (const record of handler.records) {
      const texts = [
        new Formatter("%(message)s %(fields)s"),
        new JsonFormatter(),
        new DevFormatter(),
      ].map((formatter) => formatter.format(record));
      assertEquals(texts.filter((text) => text.includes("s3cret")), []);
    }
  }
  const json = redacted({ paths: ["password"] }, { user: new Bound(), plain });
  assertEquals([json.user, json.plain], [{ password: GONE, id: 1 }, { password: GONE, id: 1 }]);
  assertEquals(plain.password, "s3cret");
});

Deno.test("a text that is a promise, which nobody awaits, does not end the program", async () => {
  const { root, handler } = redactingTree({ patterns: [/s3cret/] });
  const toString = () => Promise.reject(new Error("later"));
  root.info("up", {
    a: Object.assign(new Error("no"), { toString }),
    b: [{ toString, c: "s3cret" }],
  });
  // The test fails if one is heard of until then.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const { b } = JSON.parse(new JsonFormatter().format(handler.records[0]!));
  assertEquals(b, [{ c: GONE }]);
});

Deno.test("fields that do not tell their names say so, and the record stays", () => {
  const { root, handler } = redactingTree({ paths: ["password"], patterns: [/s3cret/] });
  const no = () => {
    throw new Error("no s3cret");
  };
  root.info(new Proxy({ a: 1 }, { ownKeys: no }), "keys");
  root.info(new Proxy({ a: 1 }, { getOwnPropertyDescriptor: no }), "descriptors");
  const lines = handler.records.map((record) => JSON.parse(new JsonFormatter().format(record)));
  assertEquals(lines.map(({ message, fields }) => [message, fields]), [
    ["keys", `[throws: Error: no ${GONE}]`],
    ["descriptors", `[throws: Error: no ${GONE}]`],
  ]);
});

Deno.test("patterns find names of fields, symbols and functions too", () => {
  const { manager, handler } = redactingTree({ patterns: [/\w+@\w+/] });
  withContext({ "a@x": 1 }, () =>
    manager.getLogger("app").info("m", {
      by: { "kim@x": 1, "lee@x": 2, other: 3 },
      symbol: Symbol("kim@x"),
      call: { "kim@x"() {} }["kim@x"],
      error: Object.assign(new Error("no"), { "kim@x": 1 }),
    }, { extra: { "kim@x": 4 } }));
  const line = new JsonFormatter().format(handler.records[0]!);
  assert(!line.includes("@"), line);
  assert(line.includes('{"[redacted]":1,"[redacted]_":2,"other":3}'), line);
});

Deno.test("a number that is taken out leaves the line, whatever placeholder it had", () => {
  const filter = new RedactFilter({ paths: ["card"], patterns: ["\\d{4}"] });
  const cases: [msg: string, args: unknown[], text: string][] = [
    ["card %d ok", [1234], `card ${GONE} ok`],
    ["%05d%% of %s, %x", [1234n, 5, 255], `${GONE}% of 5, ff`],
    ["%*d|%.2f", [3, 1, 1234.5], `  1|${GONE}.5`],
    ["card %(card)d of %(user)s", [{ card: 1, user: "kim" }], `card ${GONE} of kim`],
    ["card %(card)5d", [new Map([["card", 1]])], `card ${GONE}`],
  ];
  for (const [msg, args, text] of cases) {
    const record = new LogRecord("app", 20, "", 0, msg, args);
    assertEquals(filter.redacted(record).getMessage(), text);
  }
});

Deno.test("each handler has its own view, also after one that has formatted", () => {
  const { manager, root, handler } = redactingTree({ patterns: [/s3cret/] });
  const lines: string[] = [];
  const format = new Formatter();
  const open = new ListHandler();
  open.emit = (record) => void lines.push(format.format(record));
  root.handlers = [open, handler];
  manager.getLogger("app").error("s3cret", new Error("s3cret"));
  lines.push(format.format(handler.records[0]!));
  assertEquals(lines.map((line) => /s3cret/.test(line)), [true, false]);
});

Deno.test("who watches from outside sees what all filters on the way leave", () => {
  const { manager, root, handler } = redactingTree({ paths: ["token"] });
  handler.setLevel("ERROR");
  const seen: LogRecord[] = [];
  manager.tap = {
    levelFor: () => 10,
    take: (record, logger) => void seen.push(watchedRecord(record, logger)),
  };
  const app = manager.getLogger("app");
  app.addFilter(new RedactFilter({ patterns: ["s3cret"] }));
  app.debug("%(token)s is s3cret", { token: "t" });
  app.propagate = false;
  app.debug("%(token)s is s3cret", { token: "t" });
  root.debug("s3cret");
  root.handlers = [new FingersCrossedHandler({ target: handler })];
  root.debug("%(token)s", { token: "t" });
  // Also behind a queue, whether its listener is started or not.
  const queue = new Queue();
  root.handlers = [new QueueHandler(queue)];
  new QueueListener(queue, new FingersCrossedHandler({ target: handler }));
  assert(isRedacted(root));
  root.debug("%(token)s", { token: "t" });
  assertEquals(seen.map((record) => record.getMessage()), [
    "[redacted] is [redacted]",
    "[redacted] is [redacted]",
    "s3cret",
    GONE,
    GONE,
  ]);
});

Deno.test("what is told on stderr of records that fail is clean, whoever fails", async () => {
  const { manager, root, handler } = redactingTree({ paths: ["token"], patterns: [/s3cret/] });
  const fail = () => {
    throw new TypeError("no s3cret");
  };
  class FailingHandler extends ListHandler {
    override emit = fail;
  }
  const app = manager.getLogger("app");
  app.addHandler(new FailingHandler());
  const told = await captureStderr(async () => {
    app.error("s3cret %s", { token: "hidden" }, new Error("of s3cret"));
    root.error("of %s, %s", "s3cret", fail);
    root.error("of %s, %s", "s3cret", () => Promise.reject(new Error("s3cret")));
    root.error("s3cret", { extra: { name: "kim" } });
    handler.filters = [fail, ...handler.filters];
    root.error("s3cret");
    // The text of a value that fails itself, while the report of it is made.
    root.error("%s", { toString: () => (root.error("s3cret"), "s3cret") });
    await Promise.resolve();
  });
  assertEquals(told.match(/s3cret|hidden|unknown/g), null, told);
  assertEquals(told.match(/^TypeError: no \[redacted\]$/gm)?.length, 4, told);
  assert(told.match(/^Message: /gm)!.length >= 8, told);
  assert(told.includes("\nError: Error: of [redacted]\n"), told);
});

Deno.test("what cannot be used is refused", () => {
  const cases: [options: object, reason: string][] = [
    [{ paths: [""] }, 'Cannot redact path ""'],
    [{ paths: ["a..b"] }, 'Cannot redact path "a..b"'],
    [{ paths: ["a[b"] }, "Cannot redact path"],
    [{ paths: "password" }, "a list of paths"],
    [{ patterns: ["("] }, "it is no regular expression"],
    [{ patterns: ["a*"] }, "it fits an empty text"],
    [{ patterns: [5] }, "a list of patterns"],
    [{ path: [] }, 'did you mean "paths"'],
  ];
  for (const [options, reason] of cases) {
    assertThrows(() => new RedactFilter(options), Error, reason);
  }
  const { patterns, replacement } = new RedactFilter({ patterns: [/a/i, "b"], replacement: "*" });
  assertEquals([patterns, replacement], [["/a/i", "b"], "*"]);
});

Deno.test("a record that came as JSON passes without its secrets, `null` being none", () => {
  const sent = new LogRecord("app", 40, "m.ts", 1, "key %s", ["s3cret"], new Error("s3cret"));
  const bytes = new SocketHandler("localhost", 1).makeMessage(sent);
  const filter = new RedactFilter({ patterns: ["s3cret"] });
  const came = filter.filter(makeLogRecord(JSON.parse(new TextDecoder().decode(bytes))));
  assertEquals([came.getMessage(), came.exc_info, came.stack_info, came.process], [
    `key ${GONE}`,
    undefined,
    undefined,
    Deno.pid,
  ]);
  assertStringIncludes(new Formatter("%(message)s").format(came), `key ${GONE}\nError: ${GONE}\n`);
  const plain = { msg: "four", args: null, exc_info: null, exc_text: null, stack_info: null };
  assertEquals(filter.filter(makeLogRecord(plain)).getMessage(), "four");
  const odd = { msg: "five", exc_text: 5, stack_info: ["s3cret"] };
  assertEquals(filter.filter(makeLogRecord(odd)).stack_info as unknown, [GONE]);
});
