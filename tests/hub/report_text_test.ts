import { assertEquals } from "@std/assert";
import { MAX_BYTES } from "../../src/hub/board/board.ts";
import type { Report } from "../../src/hub/board/orders.ts";
import { readReport } from "../../src/hub/board/shared_answers.ts";
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

Deno.test("what several outcomes hold goes over the board once, and each has it again", () => {
  const levels = { root: "INFO", app: "DEBUG" }, result = { text: "x".repeat(100_000) };
  const asked = { previous: levels, levels, result };
  const outcomes = [
    { id: 1, previous: {}, levels, notes: {} },
    ...Array.from({ length: 100 }, (_, at) => ({ id: at + 2, ...asked })),
    { id: 200, previous: levels, levels: { root: "ERROR" }, result: null, unchanged: true },
  ];
  const report = { outcomes, levels, changed: null, overrides: [], notes: {} } as unknown as Report;
  const text = reportText(report);
  assertEquals([text.length < 200_000, readReport(text)], [true, report]);
  const alone = { ...report, outcomes: outcomes.slice(0, 1) } as Report;
  assertEquals(readReport(reportText(alone)), alone);
});
