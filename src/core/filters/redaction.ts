import type { LogRecord } from "../records/log_record.ts";
import type { FilterLike, FilterObject } from "./filter.ts";

/**
 * A filter that takes secrets out of records. Tails and the recorder, which see records beside the
 * handlers, apply it as well, on whichever of the record's handlers it is.
 *
 * @internal
 */
export interface Redaction extends FilterObject {
  /** A record without the secrets, which leaves the given one as it is. */
  redacted(record: LogRecord): LogRecord;
  /** Whether it is known to hold no record back. */
  readonly passesAll?: boolean;
}

/** Whether a filter takes secrets out of records. */
export function isRedaction(filter: FilterLike): filter is Redaction {
  return typeof (filter as Partial<Redaction>).redacted === "function";
}
