import { bold, cyan, dim, red, yellow } from "../printing/print.ts";
import { printedWidth } from "../printing/print.ts";
import { cell, type Row } from "./cells.ts";
import { drawBottom } from "./draw_bottom.ts";
import { drawHelp } from "./draw_help.ts";
import { drawList } from "./draw_list.ts";
import { drawTail } from "./draw_tail.ts";
import { keepInView, listRows } from "./list_rows.ts";
import type { SeenThread, TopModel } from "./model.ts";
import { clock } from "../printing/clock.ts";

/** How large the terminal is. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Smallest terminal that shows anything. */
const LEAST: Size = { columns: 30, rows: 8 };
/** Below so many rows, what can be done without is left out. */
const LOW = 14;

/** The dial is turned a little whenever something may have changed. */
const DIAL = ["◐", "◓", "◑", "◒"] as const;

/**
 * The screen of a model: as many rows as the terminal has. What is chosen is kept in view, and in
 * the model.
 */
export function render(model: TopModel, size: Size, now: number): Row[] {
  const { columns: width, rows } = size;
  if (width < LEAST.columns || rows < LEAST.rows) {
    const text = `${LEAST.columns}x${LEAST.rows} is the least; q quits`;
    return [[cell(0, width, text)], ...Array.from({ length: Math.max(0, rows - 1) }, () => [])];
  }
  if (model.mode === "help") {
    return [drawHeader(model, width, now), ...drawHelp(model.setup, width, rows - 1)];
  }
  const isLow = rows < LOW;
  const room = rows - 2 - drawBottom(model, width, isLow).length;
  const below = model.tail === undefined ? 0 : Math.max(2, Math.floor(room * 0.45));
  keepInView(model, room - below);
  return [
    drawHeader(model, width, now),
    ...drawList(model, width, room - below, now),
    ...model.tail === undefined ? [] : drawTail(model.tail, width, below),
    // What is chosen may be another row now; it takes as many rows as before.
    ...drawBottom(model, width, isLow),
  ];
}

function drawHeader(model: TopModel, width: number, now: number): Row {
  const { filter, problem } = model;
  const margin = width < 60 ? 0 : 1;
  const dial = DIAL[Math.floor(now / 1000) % DIAL.length]!;
  const name = "logdial top";
  const time = clock(new Date(now).toISOString()).slice(-8);
  const about = problem !== undefined
    ? problem
    : filter === ""
    ? countText(model)
    : `"${filter}" fits ${countText(model, new Set(listRows(model).map(({ thread }) => thread)))}`;
  const at = margin + 2 + name.length + 3;
  const last = width - margin - printedWidth(time);
  const style = problem !== undefined ? red : filter === "" ? dim : yellow;
  return [
    cell(margin, 1, dial, { style: cyan }),
    cell(margin + 2, name.length, name, { style: bold }),
    cell(at, last - at - 2, about, { style }),
    cell(last, printedWidth(time), time, { style: dim }),
  ];
}

/** How many threads there are, or how many of these. */
function countText(model: TopModel, those: Iterable<SeenThread> = model.threads): string {
  const threads = [...those];
  if (!model.hasLooked && threads.length === 0) return "looking …";
  const ours = threads.flatMap(({ status }) => status ?? []), others = threads.length - ours.length;
  const programs = new Set(ours.map(({ pid }) => pid)).size;
  const of = programs > 1 ? ` of ${programs} programs` : "";
  const more = others === 0 ? "" : `, ${others} other${others === 1 ? "" : "s"}`;
  return `${ours.length} thread${ours.length === 1 ? "" : "s"}${of}${more}`;
}
