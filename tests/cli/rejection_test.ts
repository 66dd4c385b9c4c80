import { stripAnsiCode } from "@std/fmt/colors";
import { assertEquals } from "@std/assert";
import { reportDeliveries } from "../../src/cli/answers/deliveries.ts";
import { readFlags } from "../../src/cli/arguments/flags.ts";
import type { Delivery } from "../../src/client/request.ts";
import { replaced } from "../harness/replaced.ts";

/** What is printed of threads that have these outcomes. */
function printed(...reasons: (string | undefined)[]): string[] {
  const deliveries = reasons.map((message, at): Delivery => ({
    port: 9001 + at,
    name: `W${at}`,
    pid: 7,
    ...message === undefined ? { outcome: "applied" } : { outcome: "rejected", error: { message } },
  }));
  const lines: string[] = [];
  using _ = replaced(console, "log", (line: string) => lines.push(stripAnsiCode(line)));
  reportDeliveries(deliveries, readFlags([]));
  return lines;
}

Deno.test("a reason that many threads all give is told once, with how many they are", () => {
  assertEquals(printed("no", "no", "no"), [
    "9001-9003  (3 threads)    rejected  no",
    "0 of 3 threads applied the change",
  ]);
  const each = (...ends: string[]) => ends.map((end, at) => `900${at + 1}  W${at}  pid 7  ${end}`);
  assertEquals(printed("no", "no").slice(0, -1), each("rejected  no", "rejected  no"));
  assertEquals(
    printed("no", "no", "why").slice(0, -1),
    each("rejected  no", "rejected  no", "rejected  why"),
  );
  assertEquals(
    printed("no", undefined, "no").slice(0, -1),
    each("rejected  no", "applied", "rejected  no"),
  );
});
