import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { HTTPHandler } from "../../src/handlers/network/http_handler.ts";
import { askPython } from "../harness/python_oracle.ts";
import { captureStderr } from "./captured_stderr.ts";
import { logRecord } from "./log_record.ts";

interface Received {
  readonly method: string;
  readonly path: string;
  readonly fields: Record<string, string>;
  readonly type: string | null;
  readonly authorization: string | null;
}

/** A web server that collects requests. */
class HttpServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url), isPost = request.method === "POST";
      const data = isPost ? await request.text() : search.slice(1);
      this.received.push({
        method: request.method,
        path: isPost ? pathname + search : pathname,
        // Raw, so that it is seen what is quoted.
        fields: Object.fromEntries(
          data.split("&").map((one) => one.split("=") as [string, string]),
        ),
        type: request.headers.get("content-type"),
        authorization: request.headers.get("authorization"),
      });
      return new Response("no such page", { status: 404 });
    },
  );

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** What differs from one run or language to the next. */
const OWN = ["created", "msecs", "relativeCreated", "thread", "processName", "process", "exc_info"];

function comparable({ fields, ...rest }: Received): unknown {
  return {
    ...rest,
    fields: Object.entries(fields).filter(([name]) => !OWN.includes(name)),
  };
}

interface Case {
  readonly url: string;
  readonly method: string;
  readonly credentials: [string, string] | null;
  readonly msg: string;
  readonly args: unknown[];
  readonly extra: Record<string, unknown>;
}

const CASES: readonly Case[] = [
  { url: "/log", method: "GET", credentials: null, msg: "plain", args: [], extra: {} },
  {
    url: "/log?a=b",
    method: "get",
    credentials: ["anna", "päss:word"],
    msg: "%s & %d = ü+%%",
    args: ["one", 2],
    extra: { user: "a b", list: [1, "x"], nested: { k: 1.5 }, none: null },
  },
  {
    url: "/log",
    method: "GET",
    credentials: null,
    msg: "%(user)s",
    args: [{ user: "kim" }],
    extra: {},
  },
  {
    url: "/log?a=b",
    method: "POST",
    credentials: ["a", ""],
    msg: "it's (a) *star* ~tilde~ 100% €😀\n",
    args: [],
    extra: { "odd key": "~-._!'()*" },
  },
];

const PROGRAM = `
import json, logging, logging.handlers
given = json.load(sys.stdin)
for case in given["cases"]:
    credentials = case["credentials"] and tuple(case["credentials"])
    handler = logging.handlers.HTTPHandler(given["host"], case["url"], case["method"],
        credentials=credentials)
    record = logging.LogRecord("app.db", 20, "/src/main.ts", 7, case["msg"], tuple(case["args"]),
        None, "run")
    record.__dict__.update(case["extra"])
    handler.handle(record)
print("1")
`;

Deno.test("requests are CPython's", async () => {
  await using server = new HttpServer();
  const { host } = server;
  const done = await askPython(PROGRAM, { host, cases: CASES });
  if (done === undefined) return;
  const expected = server.received.splice(0).map(comparable);
  assertEquals(expected.length, CASES.length);
  for (const { url, method, credentials, msg, args, extra } of CASES) {
    const handler = new HTTPHandler(host, url, method, false, credentials);
    handler.handle(Object.assign(logRecord(msg, 20, args), extra));
    await handler.drain();
    handler.close();
  }
  assertEquals(server.received.map(comparable), expected);
});

Deno.test("mapLogRecord says which fields are sent", async () => {
  await using server = new HttpServer();
  class ShortHandler extends HTTPHandler {
    override mapLogRecord(record: { levelname: string; getMessage(): string }) {
      return { level: record.levelname, text: record.getMessage() };
    }
  }
  const handler = new ShortHandler(server.host, "log");
  for (const number of [1, 2]) handler.handle(logRecord("line %d", 30, [number]));
  await handler.drain();
  assertEquals(server.received.map(({ path, fields }) => [path, fields]), [
    ["/log", { level: "WARNING", text: "line+1" }],
    ["/log", { level: "WARNING", text: "line+2" }],
  ]);
});

Deno.test("a # of the URL is sent, and the fields behind it: a GET lost them all, and told nothing", async () => {
  await using server = new HttpServer();
  for (const method of ["GET", "POST"]) {
    const handler = new HTTPHandler(server.host, "/log#1?key=a#b", method);
    handler.mapLogRecord = ({ msg }) => ({ msg });
    handler.handle(logRecord("full"));
    await handler.drain();
  }
  assertEquals(server.received.map(({ path, fields }) => [path, fields]), [
    ["/log%231", { key: "a%23b", msg: "full" }],
    ["/log%231?key=a%23b", { msg: "full" }],
  ]);
});

/** An address where nobody listens. */
function freeAddress(): Deno.NetAddr {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr;
}

Deno.test("a server that is away is told once, and its record is lost", async () => {
  const { port } = freeAddress();
  const handler = new HTTPHandler(`127.0.0.1:${port}`, "/log");
  const text = await captureStderr(async () => {
    for (const number of [1, 2, 3]) handler.handle(logRecord(number));
    await handler.drain();
    handler.close();
  });
  assertEquals(text.match(/--- Logging error ---/g)?.length, 1);
  assertMatch(text, /^Error: Cannot send to 127.0.0.1:\d+: client error .*refused/m);
  assertMatch(text, /logdial: 3 records for 127.0.0.1:\d+ were lost/);
});

Deno.test("the constructor refuses what CPython's refuses, in its words", () => {
  assertThrows(() => new HTTPHandler("h", "/", "PUT"), RangeError, "method must be GET or POST");
  const context = {} as Deno.HttpClient;
  const error = assertThrows(() => new HTTPHandler("h", "/", "GET", false, null, context));
  assert(String(error).includes("context parameter only makes sense with secure=True"));
});

Deno.test("a host that is a URL, or more than a name and a port, is refused: its scheme was the host", async () => {
  const rule = "Cannot use host: it must be a name or an address, with a port behind";
  const hosts = [
    ...["http://collector:8080", "https://collector", "collector/x", "kim:secret@collector"],
    ...["", "not a host", "::1", "h:99999", "h:x", "h?q", "h#f", "h\\x"],
  ];
  for (const host of hosts) assertThrows(() => new HTTPHandler(host, "/"), TypeError, rule, host);
  for (const host of ["h", "H:80", "h:", "h.example.", "127.0.0.1:9", "[::1]:9", "é.example"]) {
    new HTTPHandler(host, "/").close();
  }
  const handler = new HTTPHandler("127.0.0.1:9", "/");
  handler.host = "http://collector:8080";
  const text = await captureStderr(async () => {
    handler.handle(logRecord("x"));
    await handler.drain();
    handler.close();
  });
  assert(text.includes(rule), text);
  class Own extends HTTPHandler {
    override async send() {}
  }
  new Own("http://collector:8080", "/").close();
});
