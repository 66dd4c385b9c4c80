import * as colors from "@std/fmt/colors";
import { unicodeWidth } from "@std/cli/unicode-width";
import { visible, visibleBlock, visibleDocument, visibleJson } from "../../core/text/visible.ts";

/*
 * All that a command prints goes through here, so that nothing from a listener, a file or the
 * command line reaches the terminal as anything but text. Colours are put in as marks that
 * nobody outside can guess, and become escape sequences when all else has been made visible.
 */

let markMade: string | undefined;

/** Stands for the escape character in colours of our own; random, so that nobody can guess it. */
function mark(): string {
  return markMade ??= `\u{f0000}${crypto.randomUUID()}`;
}

/** Puts a text in a colour, if there are to be colours. */
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

/** Colours are for people at a terminal who want them. */
export function chooseColors(): void {
  colors.setColorEnabled(!Deno.noColor && Deno.stdout.isTerminal());
}

/** Prints one line: line breaks in it are shown as `\n`. */
export function print(line: string): void {
  console.log(colored(visible(line)));
}

/** Prints one line on stderr. */
export function printError(line: string): void {
  console.error(colored(visible(line)));
}

/** Prints one entry among others: lines of it after the first are marked as such. */
export function printBlock(text: string): void {
  console.log(colored(visibleBlock(text)));
}

/** Prints a text of our own, or one that stands alone: its line breaks and tabs stay. */
export function printDocument(text: string): void {
  console.log(colored(visibleDocument(text)));
}

/** Prints a value as JSON, `space` being that of `JSON.stringify`. */
export function printJson(value: unknown, space: number = 2): void {
  console.log(visibleJson(JSON.stringify(value, null, space)));
}

/** How many columns of a terminal a text takes as it is printed. */
export function printedWidth(text: string): number {
  return unicodeWidth(visible(unmarked(text)));
}

function style(paint: Style): Style {
  return (text) => {
    // What is painted here is known, so that nothing in the text is taken for a colour.
    const [begin, end] = paint("|").replaceAll("\x1b", mark()).split("|");
    return `${begin}${text}${end}`;
  };
}

function unmarked(text: string): string {
  return markMade === undefined
    ? text
    : text.replaceAll(new RegExp(`${markMade}\\[[\\d;]*m`, "g"), "");
}

function colored(text: string): string {
  return markMade === undefined ? text : text.replaceAll(markMade, "\x1b");
}
