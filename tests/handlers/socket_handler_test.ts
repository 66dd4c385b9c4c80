import { assert, assertEquals, assertMatch } from "@std/assert";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { JsonFormatter } from "../../src/core/formatters/json_formatter.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { DatagramHandler } from "../../src/handlers/network/datagram_handler.ts";
import { connectStream } from "../../src/handlers/network/log_socket.ts";
import { SocketHandler } from "../../src/handlers/network/socket_handler.ts";
import { comeMeanwhile } from "../harness/come_meanwhile.ts";
import { eventually } from "../harness/deadline.ts";
import { replaced } from "../harness/replaced.ts";
import { untilRefused } from "../harness/until_refused.ts";
import { captureStderr } from "./captured_stderr.ts";
import { inFolder } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";
import { ByteServer, DatagramServer } from "./servers.ts";

function lines(text: string): Record<string, unknown>[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

Deno.test("a record is a line of JSON with Python's fields", async () => {
  using server = new ByteServer();
  const handler = new SocketHandler("127.0.0.1", server.port);
  const record = logRecord("%s of %d\n", 40, ["one", 2]);
  const circle: Record<string, unknown> = { id: 7n };
  circle.self = circle;
  Object.assign(record, { user: "anna", circle, nan: NaN, when: new Date(0), none: undefined });
  record.exc_info = new Error("boom");
  handler.handle(record);
  await handler.drain();
  const [fields] = lines(await server.until((text) => text.endsWith("\n")));
  handler.close();
  const { created, msecs, relativeCreated, exc_text, thread, process, ...rest } = fields!;
  assertEquals(rest, {
    name: "app.db",
    msg: "one of 2\n",
    args: null,
    levelname: "ERROR",
    levelno: 40,
    pathname: "/src/main.ts",
    filename: "main.ts",
    module: "main",
    exc_info: null,
    stack_info: null,
    lineno: 7,
    funcName: "run",
    threadName: "MainThread",
    processName: rest.processName,
    user: "anna",
    circle: { id: "7", self: "[circular]" },
    nan: "NaN",
    when: "1970-01-01T00:00:00.000Z",
  });
  assertEquals([created, process].map((value) => typeof value), ["number", "number"]);
  assert(typeof msecs === "number" && typeof relativeCreated === "number");
  assertEquals(typeof thread, "number");
  assertMatch(exc_text as string, /^Error: boom\n/);
});

Deno.test("values that JSON has no form for are written as in lines of JSON", () => {
  const values = {
    bytes: new Uint8Array([0, 255]),
    map: new Map([["k", 1]]),
    set: new Set([1, "a"]),
    pattern: /x/g,
    query: new URLSearchParams("a=b"),
  };
  const record = Object.assign(logRecord("x"), { values });
  const handler = new SocketHandler("127.0.0.1", 9020);
  const { values: sent } = JSON.parse(new TextDecoder().decode(handler.makeMessage(record)));
  assertEquals(sent, JSON.parse(new JsonFormatter().format(record)).values);
  assertEquals([sent.bytes, sent.map], [[0, 255], { k: 1 }]);
  const many = Object.assign(logRecord("x"), { many: new Uint8Array(1_000_000) });
  const { length } = handler.makeMessage(many);
  handler.close();
  assert(
    length < 300_000,
    `a field of a million bytes took ${length}: more than ten million before`,
  );
});

Deno.test("a connection that was made while the program stood still is one", async () => {
  using server = new ByteServer();
  const { connect } = Deno;
  const slowly = async (options: Deno.ConnectOptions & { signal?: AbortSignal }) => {
    await comeMeanwhile(600);
    return await connect(options);
  };
  using _slow = replaced(Deno, "connect", slowly as typeof connect);
  const socket = await connectStream(["127.0.0.1", server.port], 250);
  socket.close();
});

Deno.test("an error is in a record whatever the formatter makes of it", () => {
  class BareFormatter extends Formatter {
    override format(record: LogRecord): string {
      return record.getMessage();
    }
    override formatException(): string {
      return "mine";
    }
  }
  const handler = new SocketHandler("127.0.0.1", 1);
  const texts = [undefined, new Formatter(), new JsonFormatter(), new BareFormatter()].map(
    (one) => {
      handler.setFormatter(one);
      const record = logRecord("no", 40);
      record.exc_info = new Error("boom", { cause: "deep" });
      const line = new TextDecoder().decode(handler.makeMessage(record));
      return lines(line)[0]!.exc_text as string;
    },
  );
  handler.close();
  assertMatch(texts[0]!, /^Error: boom\n[^]*\nCaused by: deep$/);
  assertEquals(texts.map((text) => text.split("\n")[0]), [...Array(3).fill("Error: boom"), "mine"]);
});

Deno.test("records come in their order over one connection", async () => {
  using server = new ByteServer();
  const handler = new SocketHandler("localhost", server.port);
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 500; count++) handler.handle(logRecord(round * 500 + count));
    await handler.drain();
  }
  const all = await server.until((text) => text.split("\n").length === 1501);
  handler.close();
  assertEquals(lines(all).map(({ msg }) => Number(msg)), Array.from({ length: 1500 }, (_, i) => i));
  assertEquals(server.connections, 1);
});

Deno.test("a connection that the other end has closed is made anew", async () => {
  using server = new ByteServer();
  const handler = new SocketHandler("127.0.0.1", server.port);
  const sendOne = async (text: string) => {
    handler.handle(logRecord(text));
    await handler.drain();
  };
  await sendOne("first");
  await server.until((text) => text.includes("first"));
  server.hangUp();
  // What is sent before the end is known here is gone, as by any TCP.
  await eventually("a second connection", async () => {
    await sendOne("between");
    return server.connections === 2 ? true : undefined;
  });
  await sendOne("last");
  await server.until((text) => text.includes("last"));
  handler.close();
});

Deno.test("while nobody listens records wait, and the failure is told once", async () => {
  const server = new ByteServer();
  const { port } = server;
  server[Symbol.dispose]();
  // A process that is just starting may have the listener for a moment longer.
  await untilRefused(port);
  const handler = new SocketHandler("127.0.0.1", port);
  handler.retryStart = 0.01;
  handler.retryMax = 0.02;
  let later: ByteServer | undefined;
  const text = await captureStderr(async () => {
    for (let count = 0; count < 5; count++) {
      handler.handle(logRecord(count));
      await handler.drain();
    }
    later = new ByteServer(port);
    await later.until((text) => lines(text).length === 5);
    await handler.drain();
  });
  using server2 = later!;
  assertEquals(lines(server2.text).map(({ msg }) => msg), ["0", "1", "2", "3", "4"]);
  assertEquals(text.match(/--- Logging error ---/g)?.length, 1, text);
  assertMatch(text, /Connection(Refused|Reset): Connection re/);
  assertMatch(text, /logdial: SocketHandler to 127.0.0.1:\d+ takes records again; 0 were lost/);
  handler.close();
});

Deno.test("with closeOnError a failure is passed over in silence", async () => {
  const handler = new SocketHandler("127.0.0.1", 1);
  handler.closeOnError = true;
  const text = await captureStderr(async () => {
    handler.handle(logRecord("x"));
    await handler.drain();
  });
  assertEquals(text, "");
  assertEquals(await captureStderr(() => handler.close()), closing(1));
});

Deno.test("records beyond ten thousand are counted", async () => {
  const handler = new SocketHandler("127.0.0.1", 1);
  const text = await captureStderr(async () => {
    for (let count = 0; count < 10_010; count++) handler.handle(logRecord("x"));
    await handler.drain();
    handler.close();
  });
  assertEquals(text.match(/--- Logging error ---/g)?.length, 1);
  assertMatch(text, /10000 messages are waiting for SocketHandler to 127.0.0.1:1/);
  assert(text.endsWith(closing(10_010)), text);
});

function closing(count: number): string {
  const lost = count === 1
    ? "1 record for SocketHandler to 127.0.0.1:1 was lost"
    : `${count} records for SocketHandler to 127.0.0.1:1 were lost`;
  return `logdial: ${lost}\n`;
}

Deno.test(
  "without a port the host is the path of a Unix socket",
  inFolder(async (folder) => {
    using server = new ByteServer(`${folder}/log.sock`);
    const handler = new SocketHandler(`${folder}/log.sock`, null);
    handler.handle(logRecord("x"));
    await handler.drain();
    await server.until((text) => text.includes('"msg":"x"'));
    handler.close();
  }),
);

Deno.test("a datagram holds one record", async () => {
  await using server = await DatagramServer.listen();
  const handler = new DatagramHandler("127.0.0.1", server.port);
  for (const text of ["one", "two", "three"]) handler.handle(logRecord(text));
  await handler.drain();
  const messages = await server.until(3);
  handler.close();
  assertEquals(messages.map((text) => JSON.parse(text).msg), ["one", "two", "three"]);
  assert(messages.every((text) => text.endsWith("}\n")));
});

Deno.test("a datagram that is too long is told and dropped, the next is sent", async () => {
  await using server = await DatagramServer.listen();
  const handler = new DatagramHandler("127.0.0.1", server.port);
  const text = await captureStderr(async () => {
    for (const message of ["x".repeat(70_000), "short"]) handler.handle(logRecord(message));
    await handler.drain();
  });
  assertEquals((await server.until(1)).map((text) => JSON.parse(text).msg), ["short"]);
  handler.close();
  assertEquals(text.match(/--- Logging error ---/g)?.length, 1);
  assertMatch(text, /takes records again; 1 were lost/);
});
