import { assertEquals, assertMatch } from "@std/assert";
import { quoteData } from "../../src/cli/mcp/quote_data.ts";

/** The JSON values in quoted data. */
function valuesIn(text: string): { at: number }[] {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => line.startsWith("[data "));
  return lines.slice(begin + 1, -1).map((line) => JSON.parse(line));
}

Deno.test("of too much data whole values are left out, the oldest, and how many is said", () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ at, text: "x".repeat(1000) }));
  const all = quoteData("All.", items(2), items(10));
  assertEquals(valuesIn(all).map(({ at }) => at), [0, 1, ...items(10).keys()]);
  assertEquals(/do not fit/.test(all), false);

  const many = quoteData("Many.", items(2), items(100));
  const told = valuesIn(many).map(({ at }) => at), left = 102 - told.length;
  assertEquals(told, [0, 1, ...items(100).keys()].filter((at, place) => place < 2 || at >= left));
  assertMatch(many, new RegExp(`^${left} older ones do not fit: narrow the request\\.$`, "m"));

  const first = quoteData("First.", items(100));
  const heads = valuesIn(first);
  assertEquals(heads.map(({ at }) => at), [...heads.keys()]);
  assertMatch(first, new RegExp(`^${100 - heads.length} more do not fit`, "m"));
});
