import type { SoakReport } from "./soak.ts";

/** The report as markdown. */
export function formatReport(report: SoakReport): string {
  const { quiet: [before, after], violations } = report;
  const mib = (memory: number) => `${Math.round(memory)} MiB`;
  const rows: readonly (readonly [what: string, how: string])[] = [
    ["duration, seed", `${Math.round(report.seconds)} s, ${report.seed}`],
    ["threads", `${report.threads} at a time, ${report.passed} came and went`],
    ["lines", `${report.lines + report.audits}, of which ${report.audits} tell of changes`],
    ["rounds", `${report.rounds}, of which ${report.compared} were compared with an ack`],
    ["changes", listed(report.changes)],
    ["acks", listed(report.acks)],
    ["misbehaving clients", listed(report.misdeeds)],
    ["tails", `${report.tails}, which saw ${report.watched} records`],
    [
      "heaps of the threads that last, after warming up → at the end",
      `${before.heaps.toFixed(1)} → ${after.heaps.toFixed(1)} MiB`,
    ],
    [
      "resident memory",
      `${mib(before.memory)} → ${mib(after.memory)}; at most ${mib(report.peak)} in between`,
    ],
    ["open files", `${before.handles} → ${after.handles}`],
    ["violations", String(violations.count)],
  ];
  const table = ["| | |", "| --- | --- |", ...rows.map(([what, how]) => `| ${what} | ${how} |`)];
  return [...table, ...violations.told.map((what) => `- ${what}`)].join("\n");
}

function listed(counts: Readonly<Record<string, number>>): string {
  const total = Object.values(counts).reduce((all, count) => all + count, 0);
  const parts = Object.entries(counts).sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`);
  return `${total}: ${parts.join(", ")}`;
}
