import { assert } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

/** Workers that come and go in turn; `deno task soak churn` lets a thousand. */
const WORKERS = Number(Deno.env.get("CHURN_WORKERS") ?? 24);

Deno.test(`${WORKERS} workers that come and go leave neither a descriptor nor a port`, async () => {
  using ports = PortBlock.claim(3);
  await using child = ChildProgram.deno("tests/fixtures/churn.ts", {
    args: [String(WORKERS)],
    env: { LOGDIAL_PORTS: ports.text },
    // Fewer descriptors than there are workers, and some for the runtime.
    wrap: ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"],
  });
  for (let number = 1; number < WORKERS; number++) await child.until(`${number} of them`);
  const line = await child.until("after all");
  const [, before, after] = /(\d+) descriptors before, (\d+) after all/.exec(line)!;
  // One for each worker was what was left behind; the runtime has some of its own at times.
  assert(Number(after) < Number(before) + WORKERS / 4, line);
  const setUps = child.stdout.lines.filter((line) => line.startsWith("Setup"));
  const last = Number(/\d+$/.exec(setUps.at(-1)!)![0]);
  assert(last <= ports.last, "the ports of those that have ended are claimed again");
  assert(setUps.length === WORKERS + 1, `${setUps.length} threads listened`);
});
