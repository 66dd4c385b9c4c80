import { isGone } from "../../wire/is_gone.ts";
import { PieceWriter } from "../../core/io/piece_writer.ts";
import { USUAL_COLUMNS, USUAL_ROWS } from "../printing/print.ts";
import type { Size } from "./render.ts";
import type { Row } from "./cells.ts";
import { Screen } from "./screen.ts";

/** A screen of its own, no cursor, no line breaks at the edge, and pastes marked as such. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h";
/** Takes back what {@linkcode ENTER} has set, and ends all colours. */
const LEAVE = "\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";

/** The terminal has gone, or its reader has. */
export class TerminalGone extends Error {
  /** Name of the class. */
  override readonly name = "TerminalGone";
}

/** The terminal while it belongs to a screen; it is as before once this is disposed of. */
export class Terminal implements Disposable {
  readonly #screen = new Screen();
  readonly #restore = () => this[Symbol.dispose]();
  #isOurs = false;

  /** Takes the terminal. */
  constructor() {
    this.take();
    // What nobody catches ends the program without a word to whoever holds the terminal.
    globalThis.addEventListener("error", this.#restore);
    globalThis.addEventListener("unhandledrejection", this.#restore);
  }

  /** How large the terminal is now. */
  get size(): Size {
    const { columns, rows } = onTerminal(() => Deno.consoleSize());
    return { columns: columns || USUAL_COLUMNS, rows: rows || USUAL_ROWS };
  }

  /** Takes the terminal, also again, as after the program has been stopped. */
  take(): void {
    this.#isOurs = true;
    this.#screen.forget();
    try {
      onTerminal(() => Deno.stdin.setRaw(true));
      this.#write(ENTER);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Has everything drawn anew the next time. */
  forget(): void {
    this.#screen.forget();
  }

  /** Shows rows. */
  draw(rows: readonly Row[]): void {
    this.#write(this.#screen.draw(rows));
  }

  /** Gives the terminal back. */
  [Symbol.dispose](): void {
    globalThis.removeEventListener("error", this.#restore);
    globalThis.removeEventListener("unhandledrejection", this.#restore);
    if (!this.#isOurs) return;
    this.#isOurs = false;
    unlessGone(() => this.#write(LEAVE));
    unlessGone(() => onTerminal(() => Deno.stdin.setRaw(false)));
  }

  #write(text: string): void {
    if (text === "") return;
    onTerminal(() => new PieceWriter(Deno.stdout, true).writeAll(new TextEncoder().encode(text)));
  }
}

/** Does something with the terminal; where there is none any more, nothing can be given back. */
function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TerminalGone)) throw error;
  }
}

/**
 * What something does with the terminal.
 *
 * @throws {TerminalGone} There is none any more.
 */
function onTerminal<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw isHungUp(error) ? new TerminalGone() : error;
  }
}

/** Whether an error of reading or writing says that the other side has gone. */
export function isHungUp(error: unknown): boolean {
  // Not all calls have an error of a class of its own for it.
  const text = error instanceof Error ? error.message : "";
  return isGone(error) || /\bos error (5|6)\b|^(EIO|ENXIO|ENOTTY)\b/.test(text);
}
