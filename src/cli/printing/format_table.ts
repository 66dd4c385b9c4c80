import { columns, needWidths, printedWidth } from "./print.ts";
import { wrap } from "./wrap.ts";

/** Widest column: one long name must not push all other lines apart. */
const WIDEST = 60;
/** Narrowest column: words in it should stay whole. */
const NARROWEST = 14;
/** Blanks between two columns. */
const GAP = 2;

/**
 * Lines with columns aligned, two blanks apart, within the width. The widest columns are made
 * narrower, and their texts go on below. If there is no room for that, each row becomes a text.
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

/** Makes the widest column narrower, again and again, until all fit; undefined if they cannot. */
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
