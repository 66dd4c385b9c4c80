import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { dictConfig } from "../../src/config/dict_config.ts";
import { SysLogHandler } from "../../src/handlers/network/syslog_handler.ts";
import { askPython } from "../harness/python_oracle.ts";
import { captureStderr } from "./captured_stderr.ts";
import { inFolder } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";
import { ByteServer, DatagramServer } from "./servers.ts";

interface Case {
  readonly facility: number | string;
  readonly level: number;
  readonly msg: string;
  readonly ident?: string;
  readonly append_nul?: boolean;
  readonly priority_map?: Record<string, string>;
}

const CASES: readonly Case[] = [
  ...[10, 20, 25, 30, 40, 50].map((level) => ({ facility: 1, level, msg: `level ${level}` })),
  ...Object.keys(SysLogHandler.facility_names).map((facility) => ({
    facility,
    level: 40,
    msg: "m",
  })),
  { facility: SysLogHandler.LOG_LOCAL7, level: 30, msg: "é😀\nline", ident: "app: " },
  { facility: 23, level: 30, msg: "", append_nul: false },
  { facility: "user", level: 20, msg: "mapped", priority_map: { INFO: "notice" } },
  { facility: "user", level: 50, msg: "not mapped", priority_map: { INFO: "notice" } },
];

const PROGRAM = `
import json, logging, logging.handlers
given = json.load(sys.stdin)
for case in given["cases"]:
    handler = logging.handlers.SysLogHandler(("127.0.0.1", given["port"]), case["facility"])
    for name in ("ident", "append_nul", "priority_map"):
        if name in case: setattr(handler, name, case[name])
    handler.handle(logging.LogRecord("n", case["level"], "f", 1, case["msg"], (), None))
    handler.close()
print("1")
`;

Deno.test("messages are CPython's", async () => {
  await using server = await DatagramServer.listen();
  const { port } = server;
  if (await askPython(PROGRAM, { port, cases: CASES }) === undefined) return;
  await server.until(CASES.length);
  const expected = server.messages.splice(0);
  for (const { facility, level, msg, ...fields } of CASES) {
    const handler = new SysLogHandler(["127.0.0.1", port], facility);
    Object.assign(handler, fields);
    handler.handle(logRecord(msg, level));
    await handler.drain();
    handler.close();
  }
  assertEquals(await server.until(CASES.length), expected);
});

const HEADER = /^<(\d+)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (\S+) (\S+) (\d+) - - (.*)$/s;

Deno.test("with rfc5424 messages have its header", async () => {
  await using server = await DatagramServer.listen();
  const handler = new SysLogHandler(["127.0.0.1", server.port], "local0", null, null, true);
  handler.handle(logRecord("first"));
  handler.ident = "my app: ";
  handler.handle(logRecord("second", 50));
  handler.handle(Object.assign(logRecord("of no time", 50), { created: 1.7e15 }));
  await handler.drain();
  handler.close();
  const parts = (await server.until(3)).map((text) => HEADER.exec(text)?.slice(1));
  const host = Deno.hostname();
  assertEquals(parts, [
    ["134", host, "app.db", String(Deno.pid), "first"],
    ["130", host, "my_app", String(Deno.pid), "second"],
    ["130", host, "my_app", String(Deno.pid), "of no time"],
  ]);
});

Deno.test("by TCP messages follow each other, in RFC 5424 with their length", async () => {
  using server = new ByteServer();
  const handler = new SysLogHandler(["127.0.0.1", server.port], 1, SysLogHandler.LOG_ALERT);
  handler.handle(logRecord("é"));
  handler.handle(logRecord("two"));
  handler.rfc5424 = true;
  handler.handle(logRecord("€"));
  await handler.drain();
  const text = await server.until((text) => text.endsWith("€"));
  handler.close();
  const [one, two, three] = text.split("\0");
  assertEquals([one, two], ["<14>é", "<14>two"]);
  const [, length, message] = /^(\d+) (.*)$/s.exec(three!)!;
  assertEquals(Number(length), new TextEncoder().encode(message).length);
  assertMatch(message!, HEADER);
});

Deno.test(
  "a Unix socket that takes a stream gets one",
  inFolder(async (folder) => {
    using server = new ByteServer(`${folder}/log`);
    const handler = new SysLogHandler(`${folder}/log`);
    handler.handle(logRecord("x"));
    await handler.drain();
    assertEquals(await server.until((text) => text !== ""), "<14>x\0");
    handler.close();
  }),
);

Deno.test(
  "a Unix socket that is not there is told when something is logged, as in CPython",
  inFolder(async (folder) => {
    const handler = new SysLogHandler(`${folder}/none`);
    const text = await captureStderr(async () => {
      handler.handle(logRecord("x"));
      await handler.drain();
    });
    assertMatch(text, /^--- Logging error ---\nNotFound: No such file or directory/);
    await captureStderr(() => handler.close());
  }),
);

Deno.test("datagrams to a Unix socket need a flag, which is said", () => {
  assertThrows(
    () => new SysLogHandler("/dev/log", 1, 2),
    Deno.errors.NotSupported,
    "Cannot send datagrams to /dev/log: run with --unstable-net",
  );
});

Deno.test("what is wrong with an address or a facility is said", async () => {
  const address = ["localhost"] as unknown as [string, number];
  assertThrows(() => new SysLogHandler(address), TypeError, "it must be a host and a port");
  for (const port of [0, -1, 70_000]) {
    const says = `Cannot use the syslog address: port ${port} is none, they are from 1 to 65535`;
    assertThrows(() => new SysLogHandler(["127.0.0.1", port]), RangeError, says);
  }
  const known = 'unknown syslog facility "lokal0", known are auth, authpriv';
  assertThrows(() => new SysLogHandler(["127.0.0.1", 9], "lokal0"), RangeError, known);
  const handler = new SysLogHandler(["127.0.0.1", 9]);
  handler.facility = "lokal0";
  const text = await captureStderr(() => handler.handle(logRecord("x")));
  assertMatch(text, new RegExp(`RangeError: ${known}`));
});

Deno.test("a socktype that is none is refused: a stream's by name without ext:// was sent as datagrams", () => {
  const syslog = { class: "logging.handlers.SysLogHandler", address: ["127.0.0.1", 9] } as const;
  for (const socktype of ["socket.SOCK_STREAM", "tcp", 3, true, [1]]) {
    const error = assertThrows(
      () => dictConfig({ version: 1, handlers: { s: { ...syslog, socktype } as object } }),
      ConfigError,
      "it must be 1 (socket.SOCK_STREAM) or 2 (socket.SOCK_DGRAM); a dict names these by ext://",
    );
    assertEquals([error.section, error.key], ["handlers.s", "socktype"]);
  }
  for (const socktype of [undefined, null, 1, 2, "ext://socket.SOCK_STREAM"]) {
    dictConfig({ version: 1, handlers: { s: { ...syslog, socktype } as object } });
  }
  dictConfig({ version: 1 });
});

Deno.test("a subclass may know other facilities", () => {
  class OwnFacilities extends SysLogHandler {
    override encodePriority(): number {
      return 200;
    }
  }
  assertEquals(new OwnFacilities(["127.0.0.1", 9], "own").encodePriority(), 200);
});
