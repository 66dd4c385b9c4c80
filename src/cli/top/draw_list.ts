import { labelOf } from "../../wire/library_label.ts";
import { levelNameStyle } from "../printing/level_color.ts";
import { bold, cyan, dim, levelStyle, type Style, yellow } from "../printing/print.ts";
import { type Cell, cell, type Row } from "./cells.ts";
import { leftText, newestOverride, shortChange } from "./change_text.ts";
import { type Columns, columnsFor } from "./columns.ts";
import { chosenIndex, type ListRow, listRows } from "./list_rows.ts";
import type { TopModel } from "./model.ts";
import { RATED_LEVELS, rateOf, rateOfAll, rateText } from "./rates.ts";

const plain: Style = (text) => text;

/** The list with its head, of so many rows. */
export function drawList(model: TopModel, width: number, height: number, now: number): Row[] {
  const rows = listRows(model), index = chosenIndex(model, rows);
  const columns = columnsFor(width, rows);
  const shown = rows.slice(model.offset, model.offset + height).map((row, at) => {
    const isChosen = model.offset + at === index;
    return drawRow(row, columns, { model, isChosen, now });
  });
  const empty = Array.from({ length: height - shown.length }, (): Row => []);
  if (rows.length === 0) empty[0] = [cell(3, width - 4, emptyText(model), { style: dim })];
  return [drawHead(columns), ...shown, ...empty];
}

function drawHead({ port, thread, app, level, rates, left, change }: Columns): Row {
  const look = { style: dim };
  const names = rates.length === 1 ? ["/s"] : ["D/s", "I/s", "W/s", "E/s"];
  return [
    cell(...port, "PORT", look),
    cell(...thread, "THREAD", look),
    ...app === undefined ? [] : [cell(...app, "PROGRAM", look)],
    cell(...level, "LEVEL", look),
    ...rates.map((one, at) => cell(...one, names[at]!, { ...look, isRight: true })),
    cell(...left, "LEFT", { ...look, isRight: true }),
    ...change === undefined ? [] : [cell(...change, "CHANGE", look)],
  ];
}

interface RowState {
  readonly model: TopModel;
  readonly isChosen: boolean;
  readonly now: number;
}

function drawRow(row: ListRow, columns: Columns, state: RowState): Row {
  const { thread: { status, problem, port, isFollower }, logger } = row;
  const { model, isChosen, now } = state;
  const isMeant = isChosen || model.isForAll && logger?.name === chosenLoggerName(model);
  const name: Style = isChosen ? bold : plain;
  const mark = cell(...columns.mark, isMeant ? "▸" : "", {
    style: model.isForAll ? yellow : cyan,
  });
  const place = logger !== undefined ? "" : isFollower ? `(${port})` : String(port);
  const portCell = cell(...columns.port, place, { style: isFollower ? dim : name });
  if (status === undefined) {
    const [at] = columns.thread, last = columns.change ?? columns.left;
    const text = problem ?? "";
    return [mark, portCell, cell(at, last[0] + last[1] - at, text, { style: dim })];
  }
  const title = logger === undefined ? status.name : `  ${labelOf(logger.name, logger.kind)}`;
  const end = newestOverride(status, logger?.name);
  return [
    mark,
    portCell,
    cell(...columns.thread, title, { style: name, keepsEnd: true }),
    ...columns.app === undefined
      ? []
      : [cell(...columns.app, logger === undefined ? status.app : "", { style: dim })],
    levelCell(row, columns),
    ...rateCells(row, columns),
    cell(...columns.left, end === undefined ? "" : leftText(end, now), {
      style: yellow,
      isRight: true,
    }),
    ...columns.change === undefined
      ? []
      : [cell(...columns.change, shortChange(status, logger?.name), { style: dim })],
  ];
}

/** The level that counts; an ancestor's is in brackets, and loggers that have others are counted. */
function levelCell({ thread: { status }, logger }: ListRow, { level }: Columns): Cell {
  if (logger !== undefined) {
    const { level: own, effective, disabled } = logger;
    if (disabled) return cell(...level, "disabled", { style: dim });
    return own === undefined
      ? cell(...level, `(${effective})`, { style: dim })
      : cell(...level, own, { style: levelNameStyle(own) });
  }
  const { root = "NOTSET", ...others } = status!.levels;
  const more = Object.keys(others).length;
  const text = more === 0 || level[1] < 11 ? root : `${root} +${more}`;
  return cell(...level, text, { style: levelNameStyle(root) });
}

function rateCells({ thread: { status }, logger }: ListRow, { rates }: Columns): Cell[] {
  const rated = logger ?? status!;
  if (rates.length === 1) {
    return [cell(...rates[0]!, rateText(rateOfAll(rated)), { isRight: true })];
  }
  return rates.map((one, at) => {
    const level = RATED_LEVELS[at]!;
    const style = level === "WARNING" || level === "ERROR" ? levelStyle(30) : plain;
    return cell(...one, rateText(rateOf(rated, level)), { style, isRight: true });
  });
}

function chosenLoggerName({ chosen }: TopModel): string | undefined {
  return chosen?.logger;
}

function emptyText({ threads, hasLooked, problem, filter, setup }: TopModel): string {
  if (problem !== undefined) return problem;
  if (threads.length > 0) return `Nothing fits "${filter}"`;
  return hasLooked ? `Nobody listens on ${setup.place} yet` : "Looking …";
}
