import { type LogRecord, resolveLazy } from "../records/log_record.ts";
import { allFields } from "../records/record_extras.ts";
import { bareFields, messageOf, partialMessage, trailingFields } from "./json_message.ts";

/** The parts of a record, for handlers that do not write it as text. */
export interface ReadRecord {
  /** The merged message, empty if there are only fields. */
  readonly message: string;
  /** All fields: of `extra`, context, bound logger and call. */
  readonly fields: ReadonlyMap<string, unknown>;
  /** Arguments that the message has not taken. */
  readonly args: readonly unknown[];
  /** Why the message has not taken them; undefined if there were just too many. */
  readonly problem: string | undefined;
}

/** Reads a record as `JsonFormatter` does; it never throws. */
export function readRecord(record: LogRecord): ReadRecord {
  resolveLazy(record);
  const bare = bareFields(record), trailing = bare ?? trailingFields(record);
  const fields = allFields(record, trailing);
  const message = bare === undefined ? messageOf(record, trailing) : "";
  if (message !== undefined) return { message, fields, args: [], problem: undefined };
  const { text, args, problem } = partialMessage(record, trailing);
  return { message: text, fields, args, problem };
}
