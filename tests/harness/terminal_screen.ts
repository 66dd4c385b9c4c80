/** How many columns a terminal gives to a character; terminals differ. */
export type WidthOf = (character: string) => number;

/** What `logdial top` may write beside text; anything else is an error. */
// deno-lint-ignore no-control-regex
const SEQUENCE = /^\x1b\[(?:(\d+);(\d+)H|(\?\d+)([hl])|2([JK])|([\d;]*)m)/;

/** A terminal as far as a screen needs one: it shows what was written to it. */
export class TerminalScreen {
  /** Private modes that are set, such as `?1049`, the other screen. */
  readonly modes: Set<string> = new Set(["?7", "?25"]);
  /** Whether colours were ever asked for. */
  hasColors = false;
  /** Characters that were written at or beyond the last column. */
  overflows = 0;
  readonly #widthOf: WidthOf;
  #columns: number;
  #cells: string[][];
  #row = 0;
  #column = 0;
  #rest = "";

  /** Makes an empty screen. */
  constructor(columns: number, rows: number, widthOf: WidthOf = () => 1) {
    this.#widthOf = widthOf;
    this.#columns = columns;
    this.#cells = emptyRows(columns, rows);
  }

  /** What it shows, line by line, with what follows the last character left out. */
  get lines(): string[] {
    return this.#cells.map((row) => row.join("").trimEnd());
  }

  /** All lines in one text. */
  get text(): string {
    return this.lines.join("\n");
  }

  /** The text in some columns of a row. */
  columns(row: number, from: number, count: number): string {
    return this.#cells[row]!.slice(from, from + count).join("").trim();
  }

  /** Gives the screen another size; it shows nothing until it is drawn anew. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#cells = emptyRows(columns, rows);
  }

  /** Takes what a program writes. */
  write(text: string): void {
    this.#rest += text;
    while (this.#rest !== "") {
      if (this.#rest.startsWith("\x1b")) {
        const found = SEQUENCE.exec(this.#rest);
        // The rest of it may be in the next piece.
        // deno-lint-ignore no-control-regex
        if (found === null && /^\x1b(\[[?\d;]*)?$/.test(this.#rest)) return;
        if (found === null) throw new Error(`Unknown: ${JSON.stringify(this.#rest.slice(0, 20))}`);
        this.#obey(found);
        this.#rest = this.#rest.slice(found[0].length);
        continue;
      }
      const character = String.fromCodePoint(this.#rest.codePointAt(0)!);
      if (/\p{Cc}/u.test(character)) throw new Error(`Control ${JSON.stringify(character)}`);
      this.#put(character);
      this.#rest = this.#rest.slice(character.length);
    }
  }

  #obey([, row, column, mode, isSet, erase, color]: RegExpExecArray): void {
    if (row !== undefined) {
      // As terminals have it: what was drawn for a larger one stands at the edge.
      this.#row = Math.min(Number(row), this.#cells.length) - 1;
      this.#column = Number(column) - 1;
    } else if (mode !== undefined) {
      if (isSet === "h") this.modes.add(mode);
      else this.modes.delete(mode);
    } else if (erase === "J") this.resize(this.#columns, this.#cells.length);
    else if (erase === "K") this.#cells[this.#row]!.fill(" ");
    else if (color !== "0") this.hasColors = true;
  }

  #put(character: string): void {
    const row = this.#cells[this.#row]!, width = this.#widthOf(character);
    if (width === 0) {
      // It stands on what is left of it.
      const at = Math.max(0, this.#column - 1);
      row[row[at] === "" ? at - 1 : at] += character;
      return;
    }
    if (this.#column + width > this.#columns) {
      this.overflows++;
      if (this.modes.has("?7")) throw new Error("A line would break at the edge");
      return;
    }
    for (let at = this.#column; at < this.#column + width; at++) this.#clear(row, at);
    row[this.#column] = character;
    for (let more = 1; more < width; more++) row[this.#column + more] = "";
    this.#column += width;
  }

  /** What takes two columns goes as a whole. */
  #clear(row: string[], at: number): void {
    if (row[at] === "" && at > 0) row[at - 1] = " ";
    if (row[at + 1] === "") row[at + 1] = " ";
    row[at] = " ";
  }
}

function emptyRows(columns: number, rows: number): string[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
}
