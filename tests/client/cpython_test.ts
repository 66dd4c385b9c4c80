import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { PortBlock } from "../harness/port_block.ts";
import { findPython } from "../harness/python.ts";
import { REFERENCE_SENDER } from "../harness/reference_sender.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { ThreadsProgram } from "../harness/threads_program.ts";

/** A program of CPython that takes configurations and logs every line of its stdin. */
const LISTENER = `
import logging, logging.config, sys

logging.basicConfig(level="DEBUG", stream=sys.stdout, format="OLD|%(levelname)s|%(message)s")
server = logging.config.listen(int(sys.argv[1]))
server.start()
server.ready.wait()
print("listening", flush=True)
for line in sys.stdin:
    text = line.strip()
    logging.debug(text)
    logging.error(text)
    print("said", text, flush=True)
`;

Deno.test("CPython's sender updates all our threads, and finds each", async () => {
  const python = await findPython();
  if (python === undefined) return;
  using ports = PortBlock.claim(5);
  await using program = new ThreadsProgram(ports);
  await program.command({ do: "import" });
  await program.start("Idle");
  await program.start("Busy", "busy");
  await program.untilThreads("MainProcess", "Idle", "Busy");
  const file = await Deno.makeTempFile({ suffix: ".conf" });
  try {
    for (const [tag, level] of [["ONE", "ERROR"], ["TWO", "DEBUG"]] as const) {
      await Deno.writeTextFile(file, taggedConfig(tag, level));
      const args = ["-c", REFERENCE_SENDER, file, String(ports.first)];
      await using sender = ChildProgram.run(python, args);
      assertEquals(await sender.output(), "updated 3");
      // It does not wait for anything: neither does it know when they have applied it.
      await program.child.eventually(`three threads at ${level}`, async () => {
        const threads = await program.untilThreads("MainProcess", "Idle", "Busy");
        return [...threads.values()].every(({ levels }) => levels.root === level) || undefined;
      });
      await program.child.until(tagged(tag, "Busy", level, "busy"));
      await program.tell("Idle", `log ${tag}`);
      await program.child.until(tagged(tag, "Idle", level, tag));
      await program.log(tag, tagged(tag, "MainProcess", level, tag));
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("our sender updates a process of CPython, which confirms nothing", async () => {
  const python = await findPython();
  if (python === undefined) return;
  using ports = PortBlock.claim(2);
  await using listener = ChildProgram.run(python, ["-c", LISTENER, String(ports.last)]);
  await listener.until("listening");
  await listener.tell("before");
  await listener.until("said before");
  assertEquals(listener.stdout.matching("|before"), ["OLD|DEBUG|before", "OLD|ERROR|before"]);

  const file = await Deno.makeTempFile({ suffix: ".conf" });
  try {
    await Deno.writeTextFile(file, taggedConfig("NEW", "ERROR"));
    const { code, stdout } = await logdial(["send", file, "--ports", ports.text]);
    assertEquals(code, 4, stdout);
    assert(new RegExp(`^${ports.last} .* sent, not confirmed\n`).test(stdout), stdout);
  } finally {
    await Deno.remove(file);
  }

  let asked = 0;
  await listener.eventually("the new configuration in CPython", async () => {
    const text = `try ${++asked}`;
    await listener.tell(text);
    await listener.until(`said ${text}`);
    return listener.stdout.matching(`NEW|MainProcess|ERROR|${text}`).length > 0 || undefined;
  });
  await listener.tell("after");
  await listener.until("said after");
  assertEquals(listener.stdout.matching("|after"), ["NEW|MainProcess|ERROR|after"]);
  assertEquals(listener.stderr.lines, [], "the probe does it no harm");

  const table = await logdial(["status", "--ports", ports.text]);
  assertEquals(table.code, 0);
  assert(table.stdout.includes("closes without a word"), table.stdout);
});
