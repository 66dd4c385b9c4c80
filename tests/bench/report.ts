import type { Entry, Result } from "./case.ts";

/** A case and what it found out. */
export interface Finding {
  readonly name: string;
  readonly description: string;
  readonly result: Result;
}

const HEAD = ["case", "logdial", "fastest peer", "ratio", "target", "floor", "others"];

/** The results as a markdown table of medians. */
export function formatTable(findings: readonly Finding[]): string {
  const rows = [HEAD, ...findings.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  lines.splice(1, 0, line(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

/** Median of ours as a part of the fastest peer's; undefined without a peer. */
export function ratioOf({ ours, peers }: Result): number | undefined {
  const [fastest] = byMedian(peers);
  return fastest && ours.times.median / fastest.times.median;
}

function formatRow({ name, result }: Finding): string[] {
  const { unit, ours, peers, also, floor } = result;
  const [fastest, ...slower] = byMedian(peers);
  const others = [...slower, ...also].map((one) => formatEntry(one, unit)).join(", ");
  return [
    name,
    formatTime(ours, unit),
    fastest ? formatEntry(fastest, unit) : "-",
    ratioOf(result)?.toFixed(2) ?? "-",
    formatTarget(result),
    floor ? formatTime(floor, unit) : "-",
    others || "-",
  ];
}

function formatTarget(result: Result): string {
  const { target } = result;
  if (target === undefined) return "-";
  const ratio = ratioOf(result);
  if (ratio === undefined) return `≤ ${target}`;
  return `≤ ${target}, ${ratio <= target ? "met" : "not met"}`;
}

function byMedian(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => a.times.median - b.times.median);
}

function formatEntry(entry: Entry, unit: string): string {
  return `${entry.name} ${formatTime(entry, unit)}`;
}

function formatTime({ times: { median } }: Entry, unit: string): string {
  const digits = median >= 100 ? 0 : median >= 10 ? 1 : 2;
  return `${median.toFixed(digits)} ${unit}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
