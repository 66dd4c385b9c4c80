/**
 * Makes calls of a library in batches when it is told to, and says how many nanoseconds one took.
 *
 * Arguments: the library, `bridged` or `plain`, and what is called.
 *
 * @module
 */
import { stdinLines } from "../../fixtures/stdin_lines.ts";
import { type BridgeCall, LIBRARIES, type LibraryName } from "./libraries.ts";

const [library, mode, kind] = Deno.args as [LibraryName, "bridged" | "plain", BridgeCall];
const calls = await LIBRARIES[library](mode === "bridged");
// A call that was let through once is compiled differently; a program has both.
for (let at = 0; at < 20_000; at++) calls.enabled();
const call = calls[kind];
console.log("ready");
for await (const line of stdinLines()) {
  const count = Number(line);
  const begin = performance.now();
  for (let at = 0; at < count; at++) call();
  console.log((performance.now() - begin) * 1e6 / count);
}
