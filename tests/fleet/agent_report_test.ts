import { assert, assertEquals, assertThrows } from "@std/assert";
import { type AgentReport, fittingReport, readReport } from "../../src/fleet/agent_report.ts";

const MOST = 1_000_000;

/** A report of 30 threads with so many loggers that have levels, and so many changes. */
function reportOf(loggers: number, changes: number): AgentReport {
  const names = Array.from({ length: loggers }, (_, count) => `${"app.".repeat(25)}${count}`);
  const thread = {
    app: "shop",
    thread: "W",
    pid: 7,
    levels: Object.fromEntries(names.map((name) => [name, "DEBUG"])),
    changes: Array.from({ length: changes }, (_, count) => ({
      id: `${count}`,
      state: "rejected" as const,
      detail: "why ".repeat(100),
      unknown: [{ logger: "app.dbb", similar: "app.db" }],
    })),
    drift: ["app.x=ERROR by kim@h1"],
  };
  const threads = Array.from({ length: 30 }, (_, port) => ({ ...thread, port }));
  return { version: 1, host: "h1", agent: "a", every: 60_000, threads };
}

Deno.test("a report tells less of each thread where a value cannot hold it, but how each change stands", () => {
  const small = reportOf(10, 3);
  assertEquals(fittingReport(small, MOST), small);
  for (const [loggers, changes] of [[1000, 0], [1000, 100], [10, 190]] as const) {
    const report = reportOf(loggers, changes), told = fittingReport(report, MOST);
    const length = JSON.stringify(told).length;
    assert(length <= MOST, `${loggers}, ${changes}: ${length}`);
    assertEquals(readReport(JSON.parse(JSON.stringify(told)), "h1.a"), told);
    for (const [at, thread] of told.threads.entries()) {
      const { changes, port } = report.threads[at]!;
      assertEquals([thread.port, thread.isCut, thread.drift.length], [port, true, 1]);
      assertEquals(thread.changes.map(({ state }) => state), changes.map(({ state }) => state));
    }
  }
});

Deno.test("who may tell of one host tells of no other", () => {
  const report = reportOf(1, 1);
  assertEquals(readReport(report, "h1.a"), report);
  const about = 'it tells of host "h1", which is told of under h1.a';
  for (const key of ["h2.a", "h1.b"]) assertThrows(() => readReport(report, key), Error, about);
});
