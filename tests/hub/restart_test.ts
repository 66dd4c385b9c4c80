import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { watches } from "../harness/watches.ts";

Deno.test("deno run --watch starts a program anew whose hub is that of a worker that computes", async () => {
  using ports = PortBlock.claim(3);
  const watched = await Deno.makeTempFile({ prefix: "logdial_watched_" });
  try {
    await using program = ChildProgram.deno("tests/fixtures/restarts.ts", {
      args: [JSON.stringify(ports.range)],
      allow: ["--allow-all", `--watch=${watched}`],
    });
    await program.until(`listens on ${ports.last} by hub`);
    // The watcher comes to that some time after it has started the program.
    await program.eventually("a watch", () => watches(program.pid, watched) || undefined);
    const from = program.stdout.lines.length;
    await Deno.writeTextFile(watched, "changed");
    // Its threads get the same ports, too.
    await program.until(`listens on ${ports.last} by hub`, from);
  } finally {
    await Deno.remove(watched);
  }
});
