import { assertEquals } from "@std/assert";
import { MAX_BYTES } from "../../src/hub/board/board.ts";
import type { Report } from "../../src/hub/board/orders.ts";
import { reportText } from "../../src/hub/thread/report_text.ts";

Deno.test("of a report that does not fit, an answer that is too long is refused", () => {
  const outcome = { previous: {}, levels: { app: "DEBUG" } };
  const error = { message: "wrong" };
  const report = {
    outcomes: [
      { ...outcome, id: 1, result: "short" },
      { ...outcome, id: 2, result: "x".repeat(100_000) },
      { ...outcome, id: 3, error },
      { ...outcome, id: 4, notes: { dropped: ["x".repeat(MAX_BYTES)] } },
    ],
  } as unknown as Report;
  const { outcomes } = JSON.parse(reportText(report)) as Report;
  assertEquals(outcomes.map(({ id, result, error }) => ({ id, result, error })), [
    { id: 1, result: "short", error: undefined },
    {
      id: 2,
      result: undefined,
      error: {
        message: "Cannot answer: the answer has 100002 characters; with all else that is told, " +
          "it may have 4194304",
      },
    },
    { id: 3, result: undefined, error },
    { id: 4, result: undefined, error: undefined },
  ]);
});
