import { type Filterer, type FilterLike, filtersOf } from "../filters/filter.ts";
import { isRedaction, type Redaction } from "../filters/redaction.ts";
import { livingHandlers } from "./handler.ts";
import type { FailureReport, ReportedRecord } from "../io/diagnostics.ts";
import { LogRecord } from "../records/log_record.ts";

const WITHHELD = "[cannot be redacted]";

/** Whether a report is being cleaned: a redaction may log and fail itself, which leads here again. */
let isCleaning = false;

/**
 * A report of a failure without whatever any redaction of the thread's loggers and handlers takes
 * out. Reports go to stderr, past the filters, and mostly have the record as it was before these.
 */
export function cleanReport(report: FailureReport, loggers: Iterable<Filterer>): FailureReport {
  const { record, error } = report;
  const redactions = redactionsOf([...livingHandlers(), ...loggers]);
  if (redactions.size === 0) return report;
  if (isCleaning) return withheld(record);
  isCleaning = true;
  try {
    let copy = new LogRecord("", 0, "", 0, record.msg, record.args, error);
    let carrier = new LogRecord("", 0, "", 0, "", [], record.exc_info);
    for (const one of redactions) {
      copy = one.redacted(copy);
      carrier = one.redacted(carrier);
    }
    const cleaned = shown(record, copy.msg, copy.args, carrier.exc_info);
    return { record: cleaned, error: copy.exc_info ?? error };
  } catch {
    // The record cannot be read, or a redaction of the program's own throws.
    return withheld(record);
  } finally {
    isCleaning = false;
  }
}

function redactionsOf(all: readonly Filterer[]): Set<Redaction> {
  const found = new Set<Redaction>();
  for (const one of all) {
    for (const filter of filtersOf(one)) if (isKnownRedaction(filter)) found.add(filter);
  }
  return found;
}

/** Whether a filter is a redaction; one that throws when it is asked is none. */
function isKnownRedaction(filter: FilterLike): filter is Redaction {
  try {
    return isRedaction(filter);
  } catch {
    return false;
  }
}

/** The record with another message, other arguments and error, and the caller of the first one. */
function shown(
  record: ReportedRecord,
  msg: unknown,
  args: readonly unknown[],
  exc_info?: unknown,
): ReportedRecord {
  return {
    msg,
    args,
    exc_info,
    get pathname() {
      return record.pathname;
    },
    get lineno() {
      return record.lineno;
    },
    get funcName() {
      return record.funcName;
    },
  };
}

function withheld(record: ReportedRecord): FailureReport {
  return { record: shown(record, WITHHELD, []), error: WITHHELD };
}
