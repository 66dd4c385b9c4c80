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
  /** What formats each record. */
  readonly linefmt: Formatter;

  /** Takes what formats each record, the bare message by default. */
  constructor(linefmt: Formatter = new Formatter()) {
    this.linefmt = linefmt;
  }

  /** What stands before the records. */
  formatHeader(_records: readonly LogRecord[]): string {
    return "";
  }

  /** What stands behind the records. */
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
