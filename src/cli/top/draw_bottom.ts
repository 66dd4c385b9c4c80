import { bold, cyan, dim, green, red, type Style, yellow } from "../printing/print.ts";
import { printedWidth } from "../printing/print.ts";
import { labelOf } from "../../wire/library_label.ts";
import { cell, type Row } from "./cells.ts";
import { longChange } from "./change_text.ts";
import { chosenRow, listRows } from "./list_rows.ts";
import type { Message, TopModel } from "./model.ts";
import { rule } from "./rule.ts";

const STYLES: Readonly<Record<Message["tone"], Style>> = {
  quiet: dim,
  good: green,
  waiting: yellow,
  bad: red,
};

/** What stands below the list: more about what is chosen, what was done, and what can be done. */
export function drawBottom(model: TopModel, width: number, isLow: boolean): Row[] {
  const { message, command } = model;
  const margin = width < 60 ? 0 : 1, room = width - 2 * margin;
  const line = (text: string, style?: Style): Row => [cell(margin, room, text, { style })];
  return [
    ...isLow ? [] : [rule(width), line(detail(model), dim)],
    line(message?.text ?? "", STYLES[message?.tone ?? "quiet"]),
    ...commandRows(command, margin, room, isLow ? 2 : 3),
    hints(model, margin, room),
  ];
}

/**
 * A command in so many rows at most, each of which ends as a shell wants it that goes on in the
 * next one: what is copied can be pasted.
 */
function commandRows(command: string, margin: number, room: number, most: number): Row[] {
  const lines: string[] = [];
  let line = "";
  // A text in quotes is one word.
  for (const [word] of command.matchAll(/(?:'[^']*'|[^\s'])+/g)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && printedWidth(longer) > room - 4 && lines.length < most - 1) {
      lines.push(`${line} \\`);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((text, at): Row => [
    cell(margin, 2, at > 0 || text === "" ? "" : "$", { style: dim }),
    cell(margin + 2, room - 2, text),
  ]);
}

/** What is known of the row that is chosen, in one line. */
function detail(model: TopModel): string {
  const row = chosenRow(model);
  const status = row?.thread.status;
  if (row === undefined || status === undefined) return row?.thread.problem ?? "";
  const { name, pid, app, levels } = status, { logger, thread } = row;
  if (logger === undefined) {
    const { root: _, ...own } = levels;
    const loggers = model.loggers.get(thread.key);
    const isAsked = model.opened.has(thread.key);
    return [
      `${name}, pid ${pid}${app === "" ? "" : ` of ${app}`}`,
      ...Object.entries(own).slice(0, 10).map(([one, level]) => `${one}=${level}`),
      ...!isAsked || loggers?.list !== undefined && loggers.problem === undefined
        ? []
        : [`its loggers: ${loggers?.problem ?? "asking …"}`],
      ...longChange(status),
    ].join(" · ");
  }
  const { handlers, filters, out, silent, propagate } = logger;
  return [
    `${labelOf(logger.name, logger.kind)} of ${name}`,
    out.length === 0 ? "comes out nowhere" : `comes out of ${out.join(", ")}`,
    ...silent === undefined ? [] : [silent],
    ...handlers.length === 0 ? [] : [`handlers ${handlers.map((one) => one.name).join(", ")}`],
    ...filters.length === 0 ? [] : [`filters ${filters.join(", ")}`],
    ...propagate ? [] : ["propagate=0"],
  ].join(" · ");
}

/** The keys that mean something now, the more important ones first. */
function hints(model: TopModel, margin: number, room: number): Row {
  const { mode, filter, isForAll } = model;
  if (mode === "filter") {
    const [wanted, help] = [`/${filter}▏`, "  enter keeps it, esc clears it"];
    return [cell(margin, room, wanted + help, { style: yellow })];
  }
  if (isForAll) {
    const threads = listRows(model).filter(({ thread, logger }) =>
      logger === undefined && thread.status !== undefined
    ).length;
    const text = `! all ${threads} threads: a level, r, R or space; esc for one`;
    return [cell(margin, room, text, { style: yellow })];
  }
  const keys: readonly (readonly [key: string, does: string])[] = [
    ["?", "help"],
    ["q", "quit"],
    ["d i w e c n", "level"],
    ["!", "for all"],
    ["r R", "take back"],
    ["→ ←", "loggers"],
    ["space", "tail"],
    ["/", "filter"],
  ];
  const cells: Row[number][] = [];
  let at = margin;
  for (const [key, does] of keys) {
    const used = printedWidth(key) + 1 + does.length;
    if (at + used > margin + room) break;
    const keyWidth = printedWidth(key);
    cells.push(cell(at, keyWidth, key, { style: (text) => bold(cyan(text)) }));
    cells.push(cell(at + keyWidth + 1, does.length, does, { style: dim }));
    at += used + 2;
  }
  return cells;
}
