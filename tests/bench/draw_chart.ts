import type { Entry, Result } from "./case.ts";
import type { Finding } from "./report.ts";
import { UNRUN_MODULES } from "./start_up/unrun_modules.ts";

/** Sizes in pixels. */
const WIDTH = 760, LABEL = 150, BAR = 13, GAP = 26, TOP = 64, LEFT = 16;
/** What is longer than so many times the best peer is cut off, and says so. */
const LONGEST = 4;

/** Cases that tell most of what users ask about; all would fill pages. */
export const CHARTED: readonly string[] = [
  "disabled-call",
  "text-pipe",
  "json-pipe",
  "buffered-text",
  "start-config",
  "change-5-computing",
];

/** Other ways of logdial that are measured beside the one that counts. */
const OTHER_WAYS = ["from sources", "own sender"];

const STYLE = `
  text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .case { font-weight: 600; }
  .dim { fill: #57606a; }
  .ours { fill: #1f6feb; } .other-way { fill: #8db9f5; } .floor { fill: #8c959f; } .peer { fill: #d0d7de; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .dim { fill: #9da7b3; } .peer { fill: #424a53; }
  }
`;

/** One bar: who, how long, and what it is drawn as. */
interface Bar {
  readonly name: string;
  readonly entry: Entry;
  readonly kind: "ours" | "other-way" | "floor" | "peer";
}

/**
 * A chart as SVG: each case with logdial, what the same takes by hand, and the peers, in lengths of
 * the best peer of the same class, whose bar is as long in every case. `about` is where and when it
 * was measured.
 */
export function drawChart(findings: readonly Finding[], about: string): string {
  const parts: string[] = [];
  let y = TOP;
  for (const { name, result } of findings) {
    const bars = barsOf(result);
    const unit = Math.min(...result.peers.map(({ times }) => times.median));
    parts.push(text(LEFT, y + BAR - 2, name, "case"));
    for (const bar of bars) {
      parts.push(...drawBar(bar, y, bar.entry.times.median / unit, result.unit));
      y += BAR + 4;
    }
    y += GAP - 4;
  }
  const head = [
    text(LEFT, 24, "Time of a call, a line, a start or a change", "title"),
    text(LEFT, 42, `×1 is the best peer of the same class. ${about}`, "dim"),
  ].join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" ` +
    `viewBox="0 0 ${WIDTH} ${y}" role="img">\n<style>${STYLE}</style>\n${head}\n` +
    `${parts.join("\n")}\n</svg>\n`;
}

function barsOf({ ours, floor, peers, also }: Result): Bar[] {
  const others = [...peers, ...also].toSorted((a, b) => a.times.median - b.times.median);
  return [
    { name: "logdial", entry: ours, kind: "ours" },
    ...floor === undefined ? [] : [{ name: "by hand", entry: floor, kind: "floor" } as const],
    ...others.map((entry) => ({ name: entry.name, entry, kind: kindOf(entry.name) })),
  ];
}

function kindOf(name: string): Bar["kind"] {
  if (name === UNRUN_MODULES) return "floor";
  return OTHER_WAYS.includes(name) ? "other-way" : "peer";
}

function drawBar({ name, entry, kind }: Bar, y: number, ratio: number, unit: string): string[] {
  const x = LEFT + LABEL + 90;
  const room = WIDTH - x - 140;
  const length = Math.max(1, (Math.min(ratio, LONGEST) / LONGEST) * room);
  const cut = ratio > LONGEST ? " →" : "";
  const time = Number(entry.times.median.toPrecision(3));
  const value = `${time} ${unit}, ×${ratio.toFixed(ratio < 10 ? 2 : 0)}${cut}`;
  return [
    text(x - 8, y + BAR - 2, name, "dim", "end"),
    `<rect class="${kind}" x="${x}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
    text(x + length + 6, y + BAR - 2, value, "dim"),
  ];
}

function text(x: number, y: number, content: string, kind: string, anchor = "start"): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text class="${kind}" x="${
    x.toFixed(1)
  }" y="${y}" text-anchor="${anchor}">${escaped}</text>`;
}
