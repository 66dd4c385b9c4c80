import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ROUTES } from "../../src/web/api/routes.ts";
import { MAX_BODY } from "../../src/web/http/read_body.ts";
import { Secret } from "../../src/web/http/secret.ts";
import { WebServer } from "../../src/web/server/web_server.ts";
import { PortBlock } from "../harness/port_block.ts";
import { writeAll } from "../../src/client/ports/connect.ts";
import { type RawRequest, sendRaw } from "./raw_request.ts";

type Header = readonly [name: string, value: string];

/** A server that finds nobody, and how it is asked. */
class Door implements AsyncDisposable {
  readonly port: number;
  readonly #server: WebServer;
  readonly #ports: PortBlock;

  private constructor(server: WebServer, ports: PortBlock) {
    this.#server = server;
    this.#ports = ports;
    this.port = Number(new URL(server.origin).port);
  }

  static async open(readOnly = false): Promise<Door> {
    const ports = PortBlock.claim(1);
    const targets = { ports: ports.range };
    const by = undefined;
    return new Door(await WebServer.start({ port: 0, targets, readOnly, by }), ports);
  }

  get host(): Header {
    return ["Host", `127.0.0.1:${this.port}`];
  }

  get token(): Header {
    return ["Authorization", `Bearer ${this.#server.token}`];
  }

  /** All that the page sends. */
  get good(): readonly Header[] {
    const json: Header = ["Content-Type", "application/json"];
    return [this.host, this.token, ["X-Logdial", "1"], json];
  }

  /** The same with other headers in the place of some. */
  goodBut(...others: readonly Header[]): readonly Header[] {
    const names = others.map(([name]) => name);
    return [...this.good.filter(([name]) => !names.includes(name)), ...others];
  }

  async status(request: RawRequest): Promise<number> {
    return (await sendRaw(this.port, request)).status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    this.#ports[Symbol.dispose]();
  }
}

/** Something that the page asks for; nobody listens, which is no error. */
const ASK = { method: "POST", target: "/api/history", body: '{"scope":{"kind":"all"}}' };
const ANSWERED = 200;

Deno.test("only this very host may be named, in the header and in the first line", async () => {
  await using door = await Door.open();
  const { port } = door;
  for (const target of ["/", "/page/main.ts", "/actuator/loggers"]) {
    for (
      const host of [
        `127.0.0.1.evil.example:${port}`,
        `evil.example:${port}`,
        `127.0.0.1:${port}.evil.example`,
        `127.0.0.1:${port === 65_535 ? 1 : port + 1}`,
        "127.0.0.1",
        `127.0.0.2:${port}`,
        `[::1]:${port}`,
        `0.0.0.0:${port}`,
        `localhost.:${port}`,
        `xlocalhost:${port}`,
      ]
    ) {
      const headers = door.goodBut(["Host", host]);
      assertEquals(await door.status({ target, headers }), 403, `${host} ${target}`);
    }
    const twice = await door.status({ target, headers: [["Host", "evil.example"], ...door.good] });
    assertEquals(twice >= 400, true, "two hosts");
    const none = await door.status({ target, headers: [door.token] });
    assertEquals(none >= 400, true, "no host");
    const foreign = { target: `http://evil.example:${port}${target}`, headers: door.good };
    const told = await sendRaw(port, foreign);
    assertEquals(told.status, 403, "another host in the first line");
    assertMatch(
      told.body,
      /Cannot answer as \\"http:\/\/evil\.example:\d+\\": this is http:\/\/127/,
    );
  }
  const local = door.goodBut(["Host", `localhost:${port}`]);
  assertEquals(await door.status({ headers: local }), 200);
});

Deno.test("another site is refused by its origin, and by what its browser says of it", async () => {
  await using door = await Door.open();
  const { port } = door;
  const cases: readonly (readonly [number, readonly Header[]])[] = [
    [ANSWERED, []],
    [ANSWERED, [["Origin", `http://127.0.0.1:${port}`], ["Sec-Fetch-Site", "same-origin"]]],
    [403, [["Origin", "http://evil.example"]]],
    [403, [["Origin", `http://127.0.0.1.evil.example:${port}`]]],
    [403, [["Origin", `http://evil.example#http://127.0.0.1:${port}`]]],
    [403, [["Origin", "http://127.0.0.1:1"]]],
    [403, [["Origin", `https://127.0.0.1:${port}`]]],
    [403, [["Origin", "null"]]],
    [403, [["Sec-Fetch-Site", "cross-site"]]],
    [403, [["Sec-Fetch-Site", "same-site"]]],
    [403, [["Sec-Fetch-Site", "none"]]],
    [403, [["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Mode", "navigate"]]],
  ];
  for (const [status, headers] of cases) {
    const text = JSON.stringify(headers);
    assertEquals(await door.status({ ...ASK, headers: door.goodBut(...headers) }), status, text);
    const actuator = await door.status({ target: "/actuator", headers: door.goodBut(...headers) });
    assertEquals(actuator, status === 403 ? 403 : 200, text);
  }
  const page = async (...headers: readonly Header[]) =>
    await door.status({ headers: [door.host, ...headers] });
  assertEquals(await page(["Sec-Fetch-Site", "none"]), 200);
  const navigate: Header = ["Sec-Fetch-Mode", "navigate"];
  const link: readonly Header[] = [["Sec-Fetch-Site", "cross-site"], navigate];
  assertEquals(await page(...link, ["Sec-Fetch-Dest", "document"]), 200, "a link");
  assertEquals(await page(...link, ["Sec-Fetch-Dest", "iframe"]), 403, "a frame");
  assertEquals(await page(["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Mode", "no-cors"]), 403);
});

Deno.test("nothing is told without the token, by whatever way it comes", async () => {
  await using door = await Door.open();
  const [, bearer] = door.token, token = bearer.slice("Bearer ".length);
  const wrong = [
    "",
    "Bearer",
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
    `Bearer ${token} x`,
    `Basic ${btoa(`:${token}`)}`,
    token,
  ];
  for (const value of wrong) {
    const headers = door.goodBut(["Authorization", value]);
    for (const target of ["/api/events", "/api/none", "/actuator", "/actuator/loggers"]) {
      assertEquals(await door.status({ target, headers }), 401, `${target} with "${value}"`);
    }
    assertEquals(await door.status({ ...ASK, headers }), 401, value);
  }
  const headers = door.good.filter(([name]) => name !== "Authorization");
  const inQuery = { target: `/actuator/loggers?token=${token}`, headers };
  assertEquals(await door.status(inQuery), 401);
  assertEquals(await door.status({ target: `/?token=${token}`, headers }), 200);
  assertEquals(await door.status({ ...ASK, headers: door.good }), ANSWERED);
});

Deno.test("a token is right as a whole only, and another one with each start", () => {
  const secret = new Secret();
  assertMatch(secret.text, /^[\w-]{43}$/);
  assertEquals(new Secret().text === secret.text, false);
  assertEquals(secret.isIn(`Bearer ${secret.text}`), true);
  assertEquals(secret.isIn(`bearer ${secret.text}`), true);
  assertEquals(secret.isIn(null), false);
  assertEquals(secret.isIn(`Bearer ${secret.text}${secret.text}`), false);
  assertEquals(secret.isIn("Bearer é"), false);
});

Deno.test("what is asked has a header of its own, is JSON, and is no longer than it may be", async () => {
  await using door = await Door.open();
  const json: Header = ["Content-Type", "application/json"];
  const without = [door.host, door.token, json];
  assertEquals(await door.status({ ...ASK, headers: without }), 403);
  assertEquals(await door.status({ ...ASK, headers: door.goodBut(["X-Logdial", "2"]) }), 403);
  // Another site can send these without asking first.
  const simple = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];
  for (const type of [...simple, "application/jsonp"]) {
    const headers = door.goodBut(["Content-Type", type]);
    assertEquals(await door.status({ ...ASK, headers }), 415, type);
    const level = { method: "POST", target: "/actuator/loggers/a", body: "{}" };
    assertEquals(await door.status({ ...level, headers }), 415, type);
  }
  const claimed = door.goodBut(["Content-Length", String(MAX_BODY + 1)]);
  assertEquals(await door.status({ ...ASK, body: "", headers: claimed }), 413);
  const chunked = door.goodBut(["Transfer-Encoding", "chunked"]);
  const long = `${(MAX_BODY + 1).toString(16)}\r\n${"x".repeat(MAX_BODY + 1)}\r\n`;
  assertEquals(await door.status({ ...ASK, body: long, headers: chunked }), 413);
  for (
    const body of ["", "{", "[]", '"a"', "null", '{"scope":{"kind":"none"}}', '{"scope":"all"}']
  ) {
    const asked = await sendRaw(door.port, { ...ASK, body, headers: door.good });
    assertEquals(asked.status, 400, body);
  }
  const far = '{"scope":{"kind":"thread","port":22,"pid":1}}';
  assertEquals(await door.status({ ...ASK, body: far, headers: door.good }), 400, "another port");
});

Deno.test("a client that goes while it sends a body ends nothing but its request", async () => {
  const door = await Door.open();
  {
    await using _ending = door;
    const head = door.good.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    for (const target of ["/api/history", "/actuator/loggers/app.db"]) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
      const text = `POST ${target} HTTP/1.1\r\n${head}Content-Length: 1000\r\n\r\n{"sc`;
      await writeAll(conn, new TextEncoder().encode(text));
      // Whoever is answered later has come later: the server reads the body by now.
      assertEquals(await door.status({ ...ASK, headers: door.good }), ANSWERED);
      conn.close();
    }
    assertEquals(await door.status({ ...ASK, headers: door.good }), ANSWERED);
  }
});

Deno.test("no GET changes anything, and no other site is allowed to ask first", async () => {
  await using door = await Door.open();
  for (const [name] of ROUTES) {
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      const target = `/api/${name}?levels=root%3DDEBUG`;
      assertEquals(await door.status({ method, target, headers: door.good }), 405, name);
    }
  }
  const headers = [door.host, ["Origin", "http://evil.example"]] as const;
  const asks: Header = ["Access-Control-Request-Method", "POST"];
  for (const target of ["/", "/api/set", "/actuator/loggers/root"]) {
    const answer = await sendRaw(door.port, {
      method: "OPTIONS",
      target,
      headers: [...headers, asks],
    });
    assertEquals(answer.status, 403);
    assertEquals([...answer.headers.keys()].filter((name) => name.startsWith("access-")), []);
  }
  assertEquals(await door.status({ method: "POST", target: "/", headers: door.good }), 405);
  assertEquals(await door.status({ target: "/../src/web/page/main.ts", headers: door.good }), 404);
});

Deno.test("a server that may only be read refuses each change", async () => {
  await using door = await Door.open(true);
  const { good: headers } = door;
  for (const [name, { changes }] of ROUTES) {
    const body = '{"scope":{"kind":"all"}}';
    const status = await door.status({ method: "POST", target: `/api/${name}`, body, headers });
    assertEquals(status === 403, changes, name);
  }
  const body = '{"configuredLevel":"DEBUG"}';
  const level = { method: "POST", target: "/actuator/loggers/root", body, headers };
  assertEquals(await door.status(level), 403);
});

Deno.test("HEAD tells the head of what GET tells", async () => {
  await using door = await Door.open();
  for (const target of ["/", "/page/main.ts", "/actuator"]) {
    const request = { target, headers: door.good };
    const whole = await sendRaw(door.port, request);
    const head = await sendRaw(door.port, { ...request, method: "HEAD" });
    assertEquals([head.status, head.body], [200, ""], target);
    assertEquals(head.headers.get("content-length"), `${whole.body.length}`, target);
    assertEquals(head.headers.get("content-type"), whole.headers.get("content-type"), target);
  }
});

Deno.test("all answers keep the page to itself, refusals too", async () => {
  await using door = await Door.open();
  for (const target of ["/", "/page.css", "/page/main.ts", "/icon.svg", "/api/set", "/nothing"]) {
    const { headers } = await sendRaw(door.port, { target, headers: [door.host] });
    const policy = headers.get("content-security-policy") ?? "";
    for (
      const part of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]
    ) assertEquals(policy.split("; ").includes(part), true, `${target} ${part}`);
    assertEquals(policy.includes("unsafe"), false);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("x-frame-options"), "DENY");
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
    assertEquals(headers.get("cache-control"), "no-store");
  }
});

Deno.test("it is on loopback only", async () => {
  await using door = await Door.open();
  const { port } = door;
  await assertRejects(
    () => Deno.connect({ hostname: "127.0.0.2", port }),
    Deno.errors.ConnectionRefused,
  );
});
