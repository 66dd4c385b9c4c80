import { columns, needWidths, printedWidth } from "./print.ts";
import { wrap } from "./wrap.ts";

/** Widest that a column is made: one long name must not push all other lines apart. */
const WIDEST = 60;
/** Narrowest that a column is made to have the table fit: words in it are to stay whole. */
const NARROWEST = 14;
/** Columns between two columns. */
const GAP = 2;

/**
 * Lines with columns aligned, two blanks apart, within the width: the widest columns give way,
 * and what does not fit them goes on below. Where there is no room for that, each row is a text.
 */
export async function formatTable(
  rows: readonly (readonly string[])[],
  width: number = columns(),
): Promise<string[]> {
  await needWidths(rows.flat());
  const widths = fit(naturalWidths(rows, width === Infinity ? WIDEST : Infinity), width);
  if (widths === undefined) {
    const texts = rows.map((row) => row.filter((cell) => cell !== "").join(" ".repeat(GAP)));
    return texts.flatMap((text) => wrap(text, width, "  "));
  }
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) =>
      width === Infinity ? [cell] : wrap(cell, widths[column]!)
    );
    const height = Math.max(1, ...cells.map(({ length }) => length));
    return Array.from(
      { length: height },
      (_, at) =>
        cells.map((lines, column) => padded(lines[at] ?? "", widths[column]!)).join(" ".repeat(GAP))
          .trimEnd(),
    );
  });
}

function naturalWidths(rows: readonly (readonly string[])[], most: number): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, Math.min(most, printedWidth(cell)));
    }
  }
  return widths;
}

/** Takes from the widest column, one by one, until all fit; undefined if none can give more. */
function fit(natural: readonly number[], width: number): number[] | undefined {
  const widths = [...natural];
  for (;;) {
    const total = widths.reduce((sum, one) => sum + one + GAP, -GAP);
    const widest = Math.max(...widths);
    if (total <= width) return widths;
    if (widest <= NARROWEST) return undefined;
    widths[widths.lastIndexOf(widest)]!--;
  }
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - printedWidth(cell)));
}
