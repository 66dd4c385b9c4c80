import type { LogRecord } from "../records/log_record.ts";
import { flat } from "../text/flat.ts";
import type { RecordLine } from "./record_line.ts";

/** The settings of a formatter that decide on the text of a time. */
interface TimeSettings {
  readonly datefmt: string | undefined;
  readonly converter: string;
  readonly default_time_format: string;
  readonly default_msec_format: string | null;
}

/**
 * The head of a formatter's last line, which is the text before the message. The next record has the
 * same head if it comes in the same millisecond from the same logger at the same level.
 */
export class KeptHead {
  /** The head's text. */
  text = "";
  /** The record's time as text. */
  asctime: string | undefined = undefined;
  #isFlat = false;
  #created = NaN;
  #name = "";
  #levelno = NaN;
  #levelname = "";
  #datefmt: string | undefined = undefined;
  #converter = "";
  #timeFormat = "";
  #msecFormat: string | null = null;

  /** Whether the record has the same head, by the present settings of the formatter. */
  isFor(record: LogRecord, formatter: TimeSettings): boolean {
    const isSame = record.created === this.#created && record.name === this.#name &&
      record.levelno === this.#levelno && record.levelname === this.#levelname &&
      formatter.datefmt === this.#datefmt && formatter.converter === this.#converter &&
      formatter.default_time_format === this.#timeFormat &&
      formatter.default_msec_format === this.#msecFormat;
    if (isSame && !this.#isFlat) {
      flat(this.text);
      this.#isFlat = true;
    }
    return isSame;
  }

  /** Keeps the head of a record whose line the formatter has just made. */
  keep(record: LogRecord, formatter: TimeSettings, { headText }: RecordLine): void {
    // An object may stay the same and have another text: only texts can be compared.
    const isFixed = typeof record.name === "string" && typeof record.levelname === "string" &&
      typeof record.levelno === "number";
    this.#created = isFixed ? record.created : NaN;
    if (!isFixed) return;
    this.text = headText;
    this.asctime = record.asctime;
    this.#isFlat = false;
    this.#name = record.name;
    this.#levelno = record.levelno;
    this.#levelname = record.levelname;
    this.#datefmt = formatter.datefmt;
    this.#converter = formatter.converter;
    this.#timeFormat = formatter.default_time_format;
    this.#msecFormat = formatter.default_msec_format;
  }
}
