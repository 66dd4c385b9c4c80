import type { Entry, Result } from "./case.ts";

/** A case and what it found out. */
export interface Finding {
  readonly name: string;
  readonly description: string;
  readonly result: Result;
}

const HEAD = ["case", "ours", "peers", "ratio", "target", "ours, other ways"];

/** The results as a markdown table: medians, with the 95th percentile in brackets. */
export function formatTable(findings: readonly Finding[]): string {
  const rows = [HEAD, ...findings.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  lines.splice(1, 0, line(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

/** Time of ours as a part of the fastest peer's; undefined without a peer. */
export function ratioOf({ ours, peers }: Result): number | undefined {
  if (peers.length === 0) return undefined;
  return ours.times.median / Math.min(...peers.map(({ times }) => times.median));
}

function formatRow({ name, result }: Finding): string[] {
  const { unit, ours, peers, also, target } = result;
  const list = (entries: readonly Entry[]) =>
    entries.map((entry) => `${entry.name} ${formatTimes(entry, unit)}`).join(", ") || "-";
  const ratio = ratioOf(result);
  return [
    name,
    formatTimes(ours, unit),
    list(peers),
    ratio === undefined ? "-" : ratio.toFixed(2),
    `≤ ${target}`,
    list(also),
  ];
}

function formatTimes({ times: { median, p95 } }: Entry, unit: string): string {
  return `${formatTime(median)} ${unit} (${formatTime(p95)})`;
}

function formatTime(time: number): string {
  return time >= 100 ? time.toFixed(0) : time >= 10 ? time.toFixed(1) : time.toFixed(2);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
