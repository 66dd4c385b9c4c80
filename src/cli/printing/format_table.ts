import { printedWidth } from "./print.ts";

/** Widest that a column is made: one long name must not push all other lines apart. */
const WIDEST = 60;

/** Lines with columns aligned to the width that a terminal shows, two blanks apart. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, Math.min(WIDEST, printedWidth(cell)));
    }
  }
  return rows.map((row) =>
    row.map((cell, column) => cell + " ".repeat(Math.max(0, widths[column]! - printedWidth(cell))))
      .join("  ").trimEnd()
  );
}
