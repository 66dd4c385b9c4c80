import * as colors from "@std/fmt/colors";
import { PieceWriter } from "../../core/io/piece_writer.ts";
import { visible, visibleBlock, visibleDocument, visibleJson } from "../../core/text/visible.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { isGone } from "../../wire/is_gone.ts";

/*
 * All that a command prints goes through here, so that nothing from a listener, a file or the
 * command line reaches the terminal as anything but text. Colours are put in as marks that
 * nobody outside can guess, and become escape sequences when all else has been made visible.
 */

let markMade: string | undefined;

/** Stands for the escape character in our own colours; it is random, so that nobody can forge one. */
function mark(): string {
  return markMade ??= `\u{f0000}${crypto.randomUUID()}`;
}

/** Puts a text in a colour, if colours are on. */
export type Style = (text: string) => string;

/** Bold. */
export const bold: Style = style(colors.bold);
/** Less bright. */
export const dim: Style = style(colors.dim);
/** Red. */
export const red: Style = style(colors.red);
/** Green. */
export const green: Style = style(colors.green);
/** Yellow. */
export const yellow: Style = style(colors.yellow);
/** Blue. */
export const blue: Style = style(colors.blue);
/** Magenta. */
export const magenta: Style = style(colors.magenta);
/** Cyan. */
export const cyan: Style = style(colors.cyan);

/** The colour of a level. */
export function levelStyle(levelno: number): Style {
  if (levelno >= 30) return red;
  return levelno >= 20 ? cyan : blue;
}

/** Turns colours on if stdout is a terminal and `NO_COLOR` is not set. */
export function chooseColors(): void {
  colors.setColorEnabled(!Deno.noColor && isTerminal());
}

/** Whether stdout is the command's own, and whether its reader is known to have gone. */
let isOurs = false, hasReaderGone = false;

/**
 * Has all output written to stdout directly, since `console` does not tell that the reader has gone.
 * Only the command does so; in a program that calls its functions, `console` is the program's.
 */
export function ownStdout(): void {
  isOurs = true;
}

/** Whether nobody reads the output any more, as after `| head -1`: then commands that go on end. */
export function isReaderGone(): boolean {
  return hasReaderGone;
}

/** Prints one line: line breaks in it are shown as `\n`. */
export function print(line: string): void {
  put(colored(visible(line)));
}

/** Prints one line on stderr; if that takes none, as on a full disk, there is nobody to tell. */
export function printError(line: string): void {
  try {
    console.error(colored(visible(line)));
  } catch {
    // The exit status still tells what has become of the command.
  }
}

/** Prints one entry among others: lines of it after the first are marked as such. */
export function printBlock(text: string): void {
  put(colored(visibleBlock(text)));
}

/** Prints a text of our own, or one that stands alone: its line breaks and tabs stay. */
export function printDocument(text: string): void {
  put(colored(visibleDocument(text)));
}

/** Prints a value as JSON, `space` being that of `JSON.stringify`. */
export function printJson(value: unknown, space: number = 2): void {
  put(visibleJson(JSON.stringify(value, null, space)));
}

/** A text as a terminal gets it, for drawing a screen: without anything that cannot be seen. */
export function terminalText(text: string): string {
  return colored(visible(text));
}

/** Shows lines in place of the last ones; the first time, the terminal's contents are scrolled away. */
export function redraw(lines: readonly string[], isFirst: boolean): void {
  const rows = Deno.consoleSize().rows || USUAL_ROWS;
  const room = isFirst ? "\n".repeat(rows) : "";
  // The last row stays free, so that nothing scrolls.
  const shown = lines.length < rows ? lines : [...lines.slice(0, Math.max(0, rows - 2)), "…"];
  const text = shown.map((line) => `${colored(visible(line))}\x1b[K\r\n`).join("");
  Deno.stdout.writeSync(new TextEncoder().encode(`${room}\x1b[H${text}\x1b[J`));
}

/** Whether stdout is a terminal. */
export function isTerminal(): boolean {
  return Deno.stdout.isTerminal();
}

/** Number of columns if the terminal does not tell. */
export const USUAL_COLUMNS = 80;
/** Number of rows if it does not, as without a window that has a size. */
export const USUAL_ROWS = 24;

/** How many columns the terminal has; Infinity if stdout is no terminal. */
export function columns(): number {
  return isTerminal() ? Deno.consoleSize().columns || USUAL_COLUMNS : Infinity;
}

/** Matches texts whose characters all take one column. */
const NARROW = /^[\x20-\x7e\xa0-\xff←↑→↓…─▏▸◐◓◑◒]*$/;

let unicodeWidth: ((text: string) => number) | undefined;

/**
 * Loads what knows the widths of all characters, if these texts need it, since that takes long. To be
 * awaited before widths are asked for. Resolves to whether it was loaded now, so that earlier widths
 * have to be measured again.
 */
export async function needWidths(texts: Iterable<string>): Promise<boolean> {
  if (unicodeWidth !== undefined) return false;
  for (const text of texts) {
    if (isNarrow(visible(unmarked(text)))) continue;
    ({ unicodeWidth } = await import("@std/cli/unicode-width"));
    return true;
  }
  return false;
}

/** Whether each character of a text takes one column, on every terminal. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/** How many columns of a terminal a text takes as it is printed. */
export function printedWidth(text: string): number {
  const shown = visible(unmarked(text));
  return unicodeWidth === undefined || isNarrow(shown) ? shown.length : unicodeWidth(shown);
}

/** A text cut into its words, and the colours that begin or end between them. */
export function pieces(
  text: string,
): readonly { readonly text: string; readonly isColor: boolean }[] {
  const parts = markMade === undefined ? [text] : text.split(colorMark());
  return parts.flatMap((part, at) => {
    if (at % 2 === 1) return [{ text: part, isColor: true }];
    return part.split(/(?<= )/).map((word) => ({ text: word, isColor: false }));
  }).filter(({ text }) => text !== "");
}

/** The sequence that ends all colours. */
export function endOfColors(): string {
  return markMade === undefined ? "" : `${markMade}[0m`;
}

function style(paint: Style): Style {
  return (text) => {
    // Only "|" is painted here, so that nothing in the text is taken for a colour.
    const [begin, end] = paint("|").replaceAll("\x1b", mark()).split("|");
    return `${begin}${text}${end}`;
  };
}

/** A text without its colours. */
export function unmarked(text: string): string {
  return markMade === undefined
    ? text
    : text.split(colorMark()).filter((_, at) => at % 2 === 0).join("");
}

function colorMark(): RegExp {
  return new RegExp(`(${markMade}\\[[\\d;]*m)`);
}

function colored(text: string): string {
  return markMade === undefined ? text : text.replaceAll(markMade, "\x1b");
}

/** Writes a text; without a reader it does nothing, and the command goes on. */
function put(text: string): void {
  if (!isOurs) return console.log(text);
  if (hasReaderGone) return;
  try {
    new PieceWriter(Deno.stdout, true).writeAll(new TextEncoder().encode(`${text}\n`));
  } catch (error) {
    if (!isGone(error)) throw new Error(`Cannot write to stdout: ${reasonOf(error)}`);
    hasReaderGone = true;
  }
}
