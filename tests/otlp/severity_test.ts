import { assertEquals } from "@std/assert";
import {
  SEVERITY_WORDS,
  severityLevel,
  severityName,
  severityNumber,
} from "../../src/core/levels/severity.ts";

Deno.test("levels have the severities that OpenTelemetry gives them", () => {
  const cases: [level: number, number: number, name: string][] = [
    [1, 1, "trace"],
    [5, 1, "trace"],
    [6, 2, "trace2"],
    [9, 4, "trace4"],
    [10, 5, "debug"],
    [15, 8, "debug4"],
    [20, 9, "info"],
    [25, 12, "info4"],
    [30, 13, "warn"],
    [40, 17, "error"],
    [50, 21, "fatal"],
    [51, 22, "fatal2"],
    [1000, 24, "fatal4"],
  ];
  for (const [level, number, name] of cases) {
    assertEquals([severityNumber(level), severityName(level)], [number, name], `${level}`);
  }
  for (const level of [0, -10, NaN]) assertEquals(severityNumber(level), 0);
});

Deno.test("the level of a severity is the lowest that has it", () => {
  const names = SEVERITY_WORDS.flatMap((word) => ["", "2", "3", "4"].map((step) => word + step));
  for (const [at, name] of names.entries()) {
    const level = severityLevel(name)!;
    assertEquals([severityNumber(level), severityName(level)], [at + 1, name]);
    if (level > 1) assertEquals(severityNumber(level - 1), at, name);
  }
  for (const name of ["", "INFO", "info1", "info5", "warning", "constructor"]) {
    assertEquals(severityLevel(name), undefined, name);
  }
});
