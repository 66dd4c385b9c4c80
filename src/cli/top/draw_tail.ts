import { clock } from "../printing/clock.ts";
import { levelNameStyle } from "../printing/level_color.ts";
import { dim, magenta, red } from "../printing/print.ts";
import { cell, type Row } from "./cells.ts";
import type { ShownTail, TailedLine } from "./model.ts";
import { rule } from "./rule.ts";

/** The newest lines of a tail below its title, so many rows of them all. */
export function drawTail(tail: ShownTail, width: number, height: number): Row[] {
  const { title, lines, end } = tail;
  const shown = lines.slice(-(height - 1)).map((line) => drawLine(line, width));
  const empty = Array.from({ length: height - 1 - shown.length }, (): Row => []);
  if (shown.length === 0) empty[0] = [cell(1, width - 2, "no record yet", { style: dim })];
  return [
    rule(width, `tail of ${title}${end === undefined ? "" : `, ${end}`}`),
    ...shown,
    ...empty,
  ];
}

function drawLine({ record, text }: TailedLine, width: number): Row {
  const isWide = width >= 80, margin = width < 60 ? 0 : 1;
  if (record === undefined) return [cell(margin, width - margin, text, { style: red })];
  const { time, level, logger, thread } = record;
  // Of a day, only the time can be of interest here.
  const head: Row = isWide ? [cell(margin, 8, clock(time).slice(-8), { style: dim })] : [];
  let at = isWide ? margin + 10 : margin;
  const levelCell = cell(at, 8, level, { style: levelNameStyle(level) });
  at += 9;
  const names: Row = isWide ? [cell(at, 18, nameOf(logger, thread), { style: magenta })] : [];
  at += isWide ? 20 : 0;
  return [...head, levelCell, ...names, cell(at, width - at, text)];
}

/** The root's records are told apart by their threads. */
function nameOf(logger: string, thread: string): string {
  return logger === "root" ? thread : logger;
}
