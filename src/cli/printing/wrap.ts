import { columns, endOfColors, needWidths, pieces, print, printedWidth } from "./print.ts";

/**
 * Breaks a text into lines of so many columns, at blanks where there are any; colours go on from
 * line to line. Lines after the first are indented.
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  if (printedWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = "", used = 0, open = "";
  const breakLine = () => {
    lines.push(line.trimEnd() + (open === "" ? "" : endOfColors()));
    line = indent + open;
    used = indent.length;
  };
  for (const { text: piece, isColor } of pieces(text)) {
    if (isColor) {
      line += piece;
      // Sequences with 0, 20 to 29, 39 or 49 end a style; all others begin one.
      open = /\[(?:0|2\d|39|49)m$/.test(piece) ? "" : open + piece;
      continue;
    }
    const length = printedWidth(piece.trimEnd());
    if (used > indent.length && used + length > width) breakLine();
    for (const character of used + length > width ? piece : [piece]) {
      const columns = printedWidth(character);
      if (character !== piece && used + columns > width) breakLine();
      line += character;
      used += columns;
    }
  }
  return [...lines, line.trimEnd()];
}

/** Prints texts, wrapped to the width of the terminal. */
export async function printWrapped(...texts: readonly string[]): Promise<void> {
  for (const line of await wrapAll(texts, columns())) print(line);
}

/** Wraps many texts, once the widths of their characters are known. */
export async function wrapAll(texts: readonly string[], width: number): Promise<string[]> {
  await needWidths(texts);
  return texts.flatMap((text) => wrap(text, width, "  "));
}
