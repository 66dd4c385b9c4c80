import { reasonOf } from "../../core/values/thrown.ts";
import { tail, type TailOptions } from "../../client/tail.ts";
import type { TailLine } from "../../client/tail_line.ts";
import { fieldTexts } from "../printing/record_text.ts";
import type { Aim } from "./aims.ts";
import type { ShownTail, TailedLine, TopModel } from "./model.ts";

/** Most lines that are kept. */
const MOST_LINES = 500;
/** Most of a line that is kept, in UTF-16 units: a record may be as long as a megabyte. */
const MOST_TEXT = 1000;

/** Follows records for the lower part of the screen, one choice of them at a time. */
export class TailWatch {
  readonly #model: TopModel;
  readonly #changed: () => void;
  #controller = new AbortController();

  /** `changed` is called when there is something new in the model. */
  constructor(model: TopModel, changed: () => void) {
    this.#model = model;
    this.#changed = changed;
  }

  /** Follows something in place of what was followed before. */
  async follow(title: string, logger: string, aims: readonly Aim[]): Promise<void> {
    this.end();
    const { signal } = this.#controller;
    const shown: ShownTail = { title, id: this.#model.command, lines: [] };
    this.#model.tail = shown;
    await Promise.all(
      aims.map(({ targets }) => this.#read(shown, { ...targets, logger, level: "DEBUG", signal })),
    );
  }

  /** Follows nothing more. */
  end(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#model.tail = undefined;
  }

  async #read(shown: ShownTail, options: TailOptions): Promise<void> {
    try {
      for await (const line of tail(options)) {
        shown.lines.push(tailedLine(line));
        if (shown.lines.length > MOST_LINES) shown.lines.splice(0, shown.lines.length - MOST_LINES);
        this.#changed();
      }
      shown.end = "ended";
    } catch (error) {
      shown.end = reasonOf(error);
    }
    this.#changed();
  }
}

function tailedLine(line: TailLine): TailedLine {
  if ("failure" in line) {
    const { port, failure, isAgain } = line;
    return {
      text: `… port ${port} is ${isAgain ? "followed again" : "not followed"}: ${failure} …`,
    };
  }
  if ("dropped" in line) {
    return { text: `… ${line.dropped} records of port ${line.port} were lost …` };
  }
  const { time, level, logger, thread, message, fields = {}, error } = line;
  const parts = [message, ...fieldTexts(Object.entries(fields)), error ?? ""];
  return { record: { time, level, logger, thread }, text: copied(parts.join(" ").trimEnd()) };
}

/** The beginning of a text, which does not keep all of it in memory, as a slice of it would. */
function copied(text: string): string {
  return text.length <= MOST_TEXT ? text : text.slice(0, MOST_TEXT).split("").join("");
}
