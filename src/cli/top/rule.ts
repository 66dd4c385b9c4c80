import { dim, printedWidth } from "../printing/print.ts";
import { cell, cutText, type Row } from "./cells.ts";

/** A line across the screen, with a title in it. */
export function rule(width: number, title = ""): Row {
  const text = title === "" ? "" : `── ${cutText(title, width - 8)} `;
  const rest = "─".repeat(width - printedWidth(text));
  return [cell(0, width, text + rest, { style: dim })];
}
