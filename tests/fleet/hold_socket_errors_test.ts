import { assertEquals, assertRejects } from "@std/assert";
import { holdSocketErrors } from "../../src/fleet/nats/hold_socket_errors.ts";
import { connectNats } from "../../src/fleet/nats/nats_connect.ts";
import { isGone } from "../../src/wire/is_gone.ts";
import { within } from "../harness/deadline.ts";

/** An error as it comes from some place of the code. */
function errorAt(message: string, ...places: readonly string[]): Error {
  const error = new Error(message);
  error.stack = [`Error: ${message}`, ...places.map((place) => `    at f (${place}:1:1)`)].join(
    "\n",
  );
  return error;
}

const SOCKET = "ext:deno_node/internal/stream_base_commons.ts";
const TLS = "ext:deno_node/internal_binding/tls_wrap.ts";

/** Whether an error that nobody catches lets the program go on. */
function isHeld(error: unknown): boolean {
  return !dispatchEvent(new ErrorEvent("error", { error, cancelable: true }));
}

Deno.test("errors of sockets are held while there is a connection and just after it, and no others", async () => {
  const brokenOff = errorAt("read ECONNRESET", SOCKET), refused = errorAt("bad certificate", TLS);
  assertEquals([brokenOff, refused].map(isHeld), [false, false]);
  const { failure, release } = holdSocketErrors();
  assertEquals([brokenOff, refused].map(isHeld), [true, true]);
  await assertRejects(() => failure, Error, "bad certificate");
  const others = [
    errorAt("read ECONNRESET", SOCKET, "file:///program.ts"),
    errorAt("read EISDIR", SOCKET),
    errorAt("it is broken", SOCKET),
    "read ECONNRESET",
  ];
  assertEquals(others.map(isHeld), others.map(() => false));
  release();
  assertEquals([brokenOff, refused].map(isHeld), [true, true]);
});

Deno.test("a connection that comes after another socket has failed is closed", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nats = `127.0.0.1:${listener.addr.port}`;
  const refused = assertRejects(() => connectNats({ nats }, "test"), Error, "broke");
  const conn = await listener.accept();
  listener.close();
  assertEquals(isHeld(errorAt("broke", TLS)), true);
  await refused;
  const say = (line: string) => conn.write(new TextEncoder().encode(`${line}\r\n`));
  const chunk = new Uint8Array(4096);
  let heard = "";
  const untilClosed = async () => {
    await say('INFO {"server_id":"A","version":"2.9.10","proto":1,"max_payload":1048576}');
    for (let count; (count = await conn.read(chunk)) !== null;) {
      heard += new TextDecoder().decode(chunk.subarray(0, count));
      if (heard.endsWith("PING\r\n")) await say("PONG");
    }
  };
  try {
    await within(untilClosed(), () => `its end; it said ${heard}`);
  } catch (error) {
    if (!isGone(error)) throw error;
  } finally {
    conn.close();
  }
});
