import type { Entry, Result } from "./case.ts";

/** A case and what it found out. */
export interface Finding {
  readonly name: string;
  readonly description: string;
  readonly result: Result;
}

const HEAD = ["case", "logdial", "best peer", "ratio", "target", "floor", "others"];

/** The results as a markdown table of medians. */
export function formatTable(findings: readonly Finding[]): string {
  const rows = [HEAD, ...findings.map(formatRow)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  lines.splice(1, 0, line(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

/** Median of ours compared with the best peer's; undefined without a peer. */
export function comparisonOf({ ours, peers, compareBy }: Result): number | undefined {
  const [best] = byMedian(peers);
  if (best === undefined) return undefined;
  const own = ours.times.median, other = best.times.median;
  return compareBy === "difference" ? own - other : own / other;
}

function formatRow({ name, result }: Finding): string[] {
  const { unit, ours, peers, also, floor } = result;
  const [best, ...worse] = byMedian(peers);
  const others = [...worse, ...also].map((one) => formatEntry(one, unit)).join(", ");
  return [
    name,
    formatTime(ours, unit),
    best ? formatEntry(best, unit) : "-",
    formatComparison(result),
    formatTarget(result),
    floor ? formatTime(floor, unit) : "-",
    others || "-",
  ];
}

function formatComparison(result: Result): string {
  const comparison = comparisonOf(result);
  if (comparison === undefined) return "-";
  if (result.compareBy !== "difference") return comparison.toFixed(2);
  return `${comparison < 0 ? "" : "+"}${comparison.toFixed(1)} ${result.unit}`;
}

function formatTarget(result: Result): string {
  const { target, compareBy, unit } = result;
  if (target === undefined) return "-";
  const limit = compareBy === "difference" ? `≤ +${target} ${unit}` : `≤ ${target}`;
  const comparison = comparisonOf(result);
  if (comparison === undefined) return limit;
  return `${limit}, ${comparison <= target ? "met" : "not met"}`;
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
