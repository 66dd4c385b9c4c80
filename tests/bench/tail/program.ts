/** Logs in batches when it is told to, and says how long a call took, in nanoseconds. */
import { getLogger, listen, NullHandler } from "../../../mod.ts";
import { stdinLines } from "../../fixtures/stdin_lines.ts";

const log = getLogger("bench");
log.addHandler(new NullHandler());
log.propagate = false;
// A call that was let through once is compiled differently, whoever it was let through for.
log.setLevel("DEBUG");
for (let at = 0; at < 20_000; at++) log.debug("a message");
log.setLevel("INFO");
if (Deno.args.includes("listen")) {
  console.log(`port ${(await listen(0)).port}`);
} else console.log("port 0");

for await (const line of stdinLines()) {
  const [kind, count] = line.split(" ");
  const calls = Number(count);
  const begin = performance.now();
  if (kind === "disabled") { for (let at = 0; at < calls; at++) log.debug("a message"); }
  else for (let at = 0; at < calls; at++) log.info("a message");
  console.log((performance.now() - begin) * 1e6 / calls);
}
