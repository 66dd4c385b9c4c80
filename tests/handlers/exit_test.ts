import { assert, assertEquals, assertMatch } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { ByteServer, DatagramServer } from "./servers.ts";

/** Runs the program and gives what it printed. */
async function run(kind: string, port: number, end: string): Promise<ChildProgram> {
  await using child = ChildProgram.deno("tests/fixtures/handlers_exit.ts", {
    args: [kind, String(port), end],
  });
  const { code } = await child.end();
  assertEquals(code, end.startsWith("throw") ? 1 : 0, child.stderr.lines.join("\n"));
  return child;
}

for (const kind of ["memory", "queue"]) {
  for (const end of ["normally", "exit", "throw", "throw later"]) {
    Deno.test(`records in a ${kind} come out when the program ends: ${end}`, async () => {
      const { stdout } = await run(kind, 0, end);
      assertEquals(stdout.lines, ["line 1", "line 2", "line 3"]);
    });
  }
}

for (const kind of ["memory", "queue"]) {
  for (const end of ["a last word", "a last word at exit"]) {
    Deno.test(`what the program logs as it ends comes out of a ${kind} too: ${end}`, async () => {
      const { stdout } = await run(kind, 0, end);
      assertEquals(stdout.lines, ["line 1", "line 2", "line 3", "line 4"]);
    });
  }
}

for (const kind of ["socket", "syslog by tcp"]) {
  Deno.test(`a program that ends sends all before: ${kind}`, async () => {
    using server = new ByteServer();
    await run(kind, server.port, "normally");
    const text = await server.until((text) => text.includes("line 3"));
    assertEquals(text.match(/line \d/g), ["line 1", "line 2", "line 3"]);
  });
}

for (const kind of ["datagram", "syslog"]) {
  Deno.test(`a program that ends sends all before: ${kind}`, async () => {
    await using server = await DatagramServer.listen();
    await run(kind, server.port, "normally");
    const messages = await server.until(3);
    assertEquals(messages.map((text) => /line \d/.exec(text)?.[0]), ["line 1", "line 2", "line 3"]);
  });
}

Deno.test("a program that ends sends all before: http", async () => {
  const bodies: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      bodies.push(await request.text());
      return new Response("fine");
    },
  );
  await run("http", server.addr.port, "normally");
  assertEquals(bodies.map((body) => /args=%28(\d)/.exec(body)?.[1]), ["1", "2", "3"]);
});

for (const kind of ["socket", "http"]) {
  Deno.test(`a program that nobody listens to ends, and says so: ${kind}`, async () => {
    const { stderr } = await run(kind, 1, "normally");
    const text = stderr.lines.join("\n");
    assertEquals(stderr.matching("--- Logging error ---").length, 1, text);
    assertMatch(text, /logdial: \d records for .* were lost/);
  });
}

Deno.test("Deno.exit waits for nothing, but says what is lost", async () => {
  using server = new ByteServer();
  const { stderr } = await run("socket", server.port, "exit");
  assertEquals(stderr.lines, [
    `logdial: 3 records for SocketHandler to 127.0.0.1:${server.port} were lost`,
  ]);
  assert(!server.text.includes("line"));
});
