import { PortBlock } from "../harness/port_block.ts";
import { Sequence } from "./sequence.ts";
import { Threads } from "./threads.ts";

/** Random sequences of a run: as many as fit into the suite; AGREEMENT_SEEDS="5-200" runs others. */
const [first, last] = (Deno.env.get("AGREEMENT_SEEDS") ?? "1-4").split("-").map(Number);

for (let seed = first!; seed <= last!; seed++) {
  Deno.test(`all threads agree with what was said, random sequence ${seed}`, async () => {
    using ports = PortBlock.claim(4);
    await using threads = new Threads(ports);
    const folder = await Deno.makeTempDir({ prefix: "logdial_agreement_" });
    try {
      await new Sequence(seed, threads, ports.range, `${folder}/app.json`).run();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
