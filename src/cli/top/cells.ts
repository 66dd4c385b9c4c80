import { visible } from "../../core/text/visible.ts";
import { isNarrow, printedWidth, type Style, terminalText, unmarked } from "../printing/print.ts";

/** A piece of a row, which takes all of its columns. */
export interface Cell {
  /** First column, from 0 on. */
  readonly at: number;
  /** How many columns it takes. */
  readonly width: number;
  /** What the terminal gets: cut and filled up with blanks, with colours, and nothing unseen. */
  readonly text: string;
  /** Whether every terminal agrees on its width. */
  readonly isPlain: boolean;
}

/** A row of the screen. */
export type Row = readonly Cell[];

/** How a cell looks. */
export interface Look {
  /** Its colour. */
  readonly style?: Style;
  /** Whether it stands at the right of its columns. */
  readonly isRight?: boolean;
  /** Whether its end matters as well: then it is cut in its middle, as a name with a number. */
  readonly keepsEnd?: boolean;
}

/** Most code points of one character on the screen: a family of emoji has seven. */
const MOST_POINTS = 12;

/** A mark that would stand on whatever is left of it. */
const COMBINING = /^\p{M}/u;

let segmenter: Intl.Segmenter | undefined;

/** A cell with a text, whatever somebody has put into it. */
export function cell(
  at: number,
  width: number,
  text: string,
  { style = (one) => one, isRight = false, keepsEnd = false }: Look = {},
): Cell {
  const cut = cutText(text, width, keepsEnd);
  const blanks = " ".repeat(Math.max(0, width - printedWidth(cut)));
  const filled = isRight ? blanks + cut : cut + blanks;
  return {
    at,
    width,
    text: cut === "" ? filled : terminalText(style(filled)),
    isPlain: isNarrow(cut),
  };
}

/** A text that takes at most so many columns, with `…` where something is missing. */
export function cutText(text: string, width: number, keepsEnd = false): string {
  if (width < 1) return "";
  // A cell has one colour, whatever colours its text has elsewhere.
  const shown = visible(unmarked(text));
  if (isNarrow(shown)) {
    if (shown.length <= width) return shown;
    const end = keepsEnd ? Math.min(5, Math.floor(width / 3)) : 0;
    return `${shown.slice(0, width - 1 - end)}…${shown.slice(shown.length - end)}`;
  }
  let whole = "", used = 0, kept = "";
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(COMBINING.test(shown) ? `◌${shown}` : shown)) {
    const character = [...segment].slice(0, MOST_POINTS).join("");
    used += printedWidth(character);
    if (used > width) return `${kept}…`;
    whole += character;
    if (used < width) kept = whole;
  }
  return whole;
}
