import { stripAnsiCode } from "@std/fmt/colors";
import { assertEquals } from "@std/assert";
import { type Deed, reportDeliveries } from "../../src/cli/answers/deliveries.ts";
import { readFlags } from "../../src/cli/arguments/flags.ts";
import type { Delivery } from "../../src/client/request.ts";
import { replaced } from "../harness/replaced.ts";

/** What is printed of threads that have these outcomes. */
async function printed(...reasons: (string | undefined)[]): Promise<string[]> {
  const deliveries = reasons.map((message, at): Delivery => ({
    port: 9001 + at,
    name: `W${at}`,
    pid: 7,
    ...message === undefined ? { outcome: "applied" } : { outcome: "rejected", error: { message } },
  }));
  return await printedOf(deliveries);
}

async function printedOf(deliveries: readonly Delivery[], deed?: Deed): Promise<string[]> {
  const lines: string[] = [];
  using _ = replaced(console, "log", (line: string) => lines.push(stripAnsiCode(line)));
  await reportDeliveries(deliveries, readFlags([]), deed);
  return lines;
}

Deno.test("what many threads all answer is told once, with how many they are", async () => {
  const all = (end: string) => `9001-9003  ×3 W*  pid 7  ${end}`;
  assertEquals(await printed("no", "no", "no"), [
    all("rejected  no"),
    "0 of 3 threads applied the change",
  ]);
  assertEquals(await printed(...Array(6)), [
    "9001-9006  ×6 W*  pid 7  applied",
    "6 of 6 threads applied the change",
  ]);
  const each = (...ends: string[]) => ends.map((end, at) => `900${at + 1}  W${at}  pid 7  ${end}`);
  assertEquals((await printed("no", "no")).slice(0, -1), each("rejected  no", "rejected  no"));
  assertEquals(
    (await printed("no", "no", "why")).slice(0, -1),
    each("rejected  no", "rejected  no", "rejected  why"),
  );
  assertEquals(
    (await printed("no", undefined, "no")).slice(0, -1),
    each("rejected  no", "applied", "rejected  no"),
  );
});

Deno.test("what a thread keeps in memory is told by what may have changed it, and not by set", async () => {
  const levels = { root: "INFO" }, recorder = { levels: { root: "DEBUG" }, bytes: 1 << 20 };
  const delivery: Delivery = {
    ...{ port: 9001, name: "W", pid: 7, outcome: "applied" },
    ...{ previous: levels, levels, recorder },
  };
  const [taken] = await printedOf([delivery]);
  assertEquals(taken, "9001  W  pid 7  applied  records root=DEBUG in 1M");
  const [turned] = await printedOf([delivery], { turned: ["app"] });
  assertEquals(turned, "9001  W  pid 7  applied");
});
