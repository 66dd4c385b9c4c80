import type { Cell, Row } from "./cells.ts";

/** Letters that are written from right to left, and would draw what stands beside them along. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Says that what follows is written from left to right; it takes no column. */
const LEFT_TO_RIGHT_MARK = "\u200e";

/** What is on the terminal; what it is to get is only what has changed. */
export class Screen {
  #rows: readonly Row[] = [];
  #isKnown = false;

  /** What is on the terminal is not known any more, as after it has been resized. */
  forget(): void {
    this.#isKnown = false;
  }

  /** What to write so that the terminal shows these rows. */
  draw(rows: readonly Row[]): string {
    const before = this.#isKnown ? this.#rows : [];
    const clear = this.#isKnown ? "" : "\x1b[2J";
    const longest = Math.max(rows.length, before.length);
    const parts = Array.from(
      { length: longest },
      (_, at) => rowChange(at, before[at] ?? [], rows[at] ?? []),
    );
    this.#rows = rows;
    this.#isKnown = true;
    return clear + parts.join("");
  }
}

/** What turns a row into another one. */
function rowChange(at: number, before: Row, now: Row): string {
  const changed = now.filter((cell, index) => cell.text !== before[index]?.text);
  const isAlike = before.length === now.length &&
    now.every((cell, index) => isInPlace(cell, before[index]!));
  if (isAlike && changed.length === 0) return "";
  // Where terminals disagree about a width, they may have drawn over the neighbours.
  const isSafe = isAlike &&
    now.every((cell, index) => cell.isPlain && before[index]!.isPlain || !changed.includes(cell));
  if (isSafe) return changed.map((cell) => place(at, cell)).join("");
  const erase = before.length === 0 ? "" : `${moveTo(at, 0)}\x1b[2K`;
  return erase + now.map((cell) => place(at, cell)).join("");
}

function isInPlace(cell: Cell, before: Cell): boolean {
  return cell.at === before.at && cell.width === before.width;
}

/** Each cell is put where it belongs, so that it stands there whatever its neighbours take. */
function place(row: number, { at, text }: Cell): string {
  return moveTo(row, at) + text + (RIGHT_TO_LEFT.test(text) ? LEFT_TO_RIGHT_MARK : "");
}

function moveTo(row: number, column: number): string {
  return `\x1b[${row + 1};${column + 1}H`;
}
