import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { plain } from "../harness/line_reader.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

Deno.test("ENV chooses the first level", async (t) => {
  const cases = [
    { env: "dev", levels: ["INFO", "ERROR"] },
    { env: "test", levels: ["INFO", "ERROR"] },
    { env: "prod", levels: ["ERROR"] },
    { env: "staging", levels: ["DEBUG", "INFO", "ERROR"] },
    { env: "", levels: ["DEBUG", "INFO", "ERROR"] },
    { env: undefined, levels: ["DEBUG", "INFO", "ERROR"] },
  ];
  for (const { env, levels } of cases) {
    await t.step(`ENV=${env}`, async () => {
      using ports = PortBlock.claim(1);
      const variables = { LOGDIAL_PORTS: ports.text, ...(env === undefined ? {} : { ENV: env }) };
      await using child = ChildProgram.deno("tests/fixtures/only_logs.ts", { env: variables });
      await child.output();
      const [setup, ...lines] = child.stdout.lines.map(plain);
      assertEquals(setup, `Setup logging server on port ${ports.first}`);
      const expected = levels.map((level) =>
        ` - only_logs.<module> - MainProcess - ${level} - logged`
      );
      assertEquals(lines.map((line) => line.slice(23)), expected);
      assertEquals(child.stderr.lines, []);
    });
  }
});

Deno.test("a misspelt variable is told on stderr, with the one that is meant", async () => {
  using ports = PortBlock.claim(1);
  const env = { LOGDIAL_PORTS: ports.text, LOGDIAL_PORT: "9001", LOGDIAL_KEYS: "x" };
  for (const allow of [["--allow-all"], ["--allow-net", "--allow-read", "--allow-env=LOGDIAL_*"]]) {
    await using child = ChildProgram.deno("tests/fixtures/only_logs.ts", { env, allow });
    await child.output();
    const told = child.stderr.lines.filter((line) => line.startsWith("logdial: ")).sort();
    assertEquals(told, [
      'logdial: LOGDIAL_KEYS means nothing here, did you mean "LOGDIAL_KEY"?',
      'logdial: LOGDIAL_PORT means nothing here, did you mean "LOGDIAL_PORTS"?',
    ]);
  }
});

Deno.test("a misspelt class of LOGDIAL_WIRE_HANDLERS is told, and none that may be registered later", async () => {
  using ports = PortBlock.claim(1);
  const good = "my.Handler,my.FileHandler,logging.FileHandler,handlers.SocketHandler";
  const env = {
    LOGDIAL_PORTS: ports.text,
    LOGDIAL_WIRE_HANDLERS: `${good},logging.FileHandlr,logging.SMTPHandler`,
  };
  await using child = ChildProgram.deno("tests/fixtures/only_logs.ts", { env });
  await child.output();
  const no = "of wireHandlers is no handler class here";
  assertEquals(child.stderr.lines, [
    `logdial: "logging.FileHandlr" ${no}, did you mean "logging.FileHandler"?`,
    `logdial: "logging.SMTPHandler" ${no}, did you mean "logging.handlers.SMTPHandler"?`,
  ]);
});

Deno.test("every thread says which port it has", async () => {
  using ports = PortBlock.claim();
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.start("A");
  await program.start("B");
  for (const port of ports.all.slice(0, 3)) {
    await program.child.until(new RegExp(`^Setup logging server on port ${port}$`));
  }
});

Deno.test("messages posted to a worker right after its creation are not lost", async (t) => {
  // A module that awaits at its top level loses them.
  for (const mainImports of [true, false]) {
    await t.step(`main ${mainImports ? "imports" : "never imports"} the module`, async () => {
      using ports = PortBlock.claim();
      await using program = new ThreadsProgram(ports);
      if (mainImports) await program.log("main is there");
      const words = ["one", "two", "three", "four"];
      for (const name of ["A", "B"]) {
        await program.start(name, ...words.map((word) => `log ${name}-${word}`), "log last");
        await program.child.until(`${name} - ERROR - last`);
        const got = program.child.stdout.matching(`${name} - ERROR - ${name}-`).map(plain);
        assertEquals(got.map((line) => line.slice(line.lastIndexOf("-") + 1)), words);
      }
    });
  }
});

Deno.test("a program that only logs and listens ends by itself", async (t) => {
  const cases = [
    { desc: "the shared logger module", module: "only_logs.ts", logged: 3 },
    { desc: "workers that close themselves", module: "logging_workers.ts", logged: 1 + 2 * 2 },
    { desc: "listen()", module: "listens.ts", logged: 1 },
  ];
  for (const { desc, module, logged } of cases) {
    await t.step(desc, async () => {
      using ports = PortBlock.claim();
      await using child = ChildProgram.deno(`tests/fixtures/${module}`, {
        env: { LOGDIAL_PORTS: ports.text },
      });
      await child.output();
      assertEquals(child.stdout.matching(/from |logged/).length, logged);
      assertEquals(child.stderr.lines, []);
    });
  }
});

Deno.test("importing mod.ts does nothing", async () => {
  await using child = ChildProgram.deno("tests/fixtures/imports_only.ts", {
    allow: [],
    env: { ENV: "prod" },
  });
  await child.until("before");
  // Without the pipes of stdin and stdout, which Deno duplicates while it reads.
  const counted = () => count(child.descriptors().filter((target) => !target.startsWith("pipe:")));
  const before = counted();
  await child.tell("");
  await child.until("after");
  // No port, no file, and no thread, which would have an event loop of its own; the
  // runtime's reading of modules may leave something open for a moment.
  let more: string[] = [];
  await eventually(() => `what the import has opened to be closed: ${more}`, () => {
    const after = counted();
    more = [...after.keys()].filter((target) => after.get(target)! > (before.get(target) ?? 0));
    return more.length === 0 || undefined;
  });
  await child.tell("");
  const handlersAndLevel = JSON.stringify({ handlers: 0, level: 30 });
  assertEquals(await child.output(), ["before", "after", handlersAndLevel].join("\n"));
  assertEquals(child.stderr.lines, []);
});

/** How often each text is there. */
function count(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
