import { unicodeWidth } from "@std/cli/unicode-width";

/** Lines with columns aligned to the width that a terminal shows, two blanks apart. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  return rows.map((row) =>
    row.map((cell, column) => cell + " ".repeat(widths[column]! - displayWidth(cell)))
      .join("  ").trimEnd()
  );
}

function displayWidth(text: string): number {
  // deno-lint-ignore no-control-regex
  return unicodeWidth(text.replace(/\x1b\[[\d;]*m/g, ""));
}
