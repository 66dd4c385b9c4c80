import { assertEquals } from "@std/assert";
import type { Restarts } from "../fixtures/restarts.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { watches } from "../harness/watches.ts";

const CASES: readonly (Omit<Restarts, "ports"> & { readonly desc: string })[] = [
  {
    desc: "of a worker that computes, as does that of the one that stands by,",
    computing: ["Host", "Standby"],
    mainListens: true,
  },
  {
    desc: "of an idle worker, while that of the one that stands by computes,",
    computing: ["Standby"],
    mainListens: true,
  },
  {
    desc: "of a worker that computes, and whose main thread does not listen,",
    computing: ["Host"],
    mainListens: false,
  },
];

for (const { desc, ...restarts } of CASES) {
  Deno.test(`deno run --watch starts a program anew with hub and ports whose hub was that ${desc}`, async () => {
    using ports = PortBlock.claim(3);
    const watched = await Deno.makeTempFile({ prefix: "logdial_watched_" });
    try {
      await using program = ChildProgram.deno("tests/fixtures/restarts.ts", {
        args: [JSON.stringify({ ports: ports.range, ...restarts } satisfies Restarts)],
        allow: ["--allow-all", `--watch=${watched}`],
      });
      await program.until("all listen");
      // The watcher comes to that some time after it has started the program.
      await program.eventually("a watch", () => watches(program.pid, watched) || undefined);
      const { lines } = program.stdout, from = lines.length;
      await Deno.writeTextFile(watched, "changed");
      await program.until("all listen", from);
      assertEquals(lines.slice(from), lines.slice(0, from));
    } finally {
      await Deno.remove(watched);
    }
  });
}
