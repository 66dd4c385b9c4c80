import { Formatter } from "./formatter.ts";
import type { LogRecord } from "../records/log_record.ts";

/**
 * Turns several records into one text (`logging.BufferingFormatter`); subclasses add a
 * header and a footer.
 *
 * @example
 * ```ts
 * import { BufferingFormatter, Formatter, makeLogRecord } from "@logdial/logging";
 *
 * const formatter = new BufferingFormatter(new Formatter("%(message)s\n"));
 * formatter.format([makeLogRecord({ msg: "one" }), makeLogRecord({ msg: "two" })]);
 * ```
 */
export class BufferingFormatter {
  /** The formatter of each record. */
  readonly linefmt: Formatter;

  /** Takes the formatter of each record; by default it gives the bare message. */
  constructor(linefmt: Formatter = new Formatter()) {
    this.linefmt = linefmt;
  }

  /** The text before the records. */
  formatHeader(_records: readonly LogRecord[]): string {
    return "";
  }

  /** The text behind the records. */
  formatFooter(_records: readonly LogRecord[]): string {
    return "";
  }

  /** The text of all the records, empty for none. */
  format(records: readonly LogRecord[]): string {
    if (records.length === 0) return "";
    const lines = records.map((record) => this.linefmt.format(record));
    return this.formatHeader(records) + lines.join("") + this.formatFooter(records);
  }
}
