import { jsonOf } from "../../core/format/json_value.ts";
import type { Formatter } from "../../core/formatters/formatter.ts";
import { readRecord } from "../../core/formatters/read_record.ts";
import { severityNumber } from "../../core/levels/severity.ts";
import { quietStr } from "../../core/python/py_repr.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { isError, readOrTell } from "../../core/values/thrown.ts";
import { activeSpan } from "./active_span.ts";
import { anyValue, type KeyValue, plainText } from "./any_value.ts";

/** Most attributes of a record; those beyond are dropped, and the record says how many. */
const MAX_ATTRIBUTES = 128;

/** The settings by which a record is written. */
export interface RecordForm {
  /** Makes the body; undefined for the bare message. */
  readonly formatter: Pick<Formatter, "format"> | undefined;
  /** Makes the text of an error with its causes. */
  readonly errorFormatter: Pick<Formatter, "formatException">;
  /** Whether to say where the log call was made. */
  readonly hasCaller: boolean;
}

/** A record as the JSON of an OTLP `LogRecord`, with the span in which it was made. */
export function otlpRecord(record: LogRecord, form: RecordForm): string {
  const attributes = new Attributes();
  const { message, fields, args, problem } = readRecord(record);
  const body = form.formatter?.format(record) ?? message;
  for (const [name, value] of fields) attributes.add(name, value);
  // Arguments left over are sent as well, as in lines of JSON.
  if (args.length > 0) attributes.addOwn("args", args);
  if (problem !== undefined) attributes.addOwn("format_error", problem);
  addError(record, form, attributes);
  if (record.stack_info) attributes.addOwn("code.stacktrace", record.stack_info);
  if (form.hasCaller) {
    attributes.addOwn("code.file.path", record.pathname);
    attributes.addOwn("code.line.number", record.lineno);
    attributes.addOwn("code.function.name", record.funcName);
  }
  attributes.addOwn("thread.name", record.processName);
  const time = nanoseconds(record.created);
  const span = activeSpan();
  return JSON.stringify({
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: severityNumber(record.levelno),
    severityText: plainText(textOf(record.levelname)),
    body: { stringValue: plainText(body) },
    attributes: attributes.list,
    ...attributes.dropped === 0 ? {} : { droppedAttributesCount: attributes.dropped },
    ...span === undefined
      ? {}
      : { flags: span.traceFlags, traceId: span.traceId, spanId: span.spanId },
  });
}

/** A text; another value in its place is shown as in lines of JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : jsonOf(value);
}

/** Attributes of a record: each name once, and at most `MAX_ATTRIBUTES` of them. */
class Attributes {
  readonly list: KeyValue[] = [];
  dropped = 0;
  readonly #names = new Set<string>();

  /** Adds an attribute of the program's. */
  add(name: string, value: unknown): void {
    const key = name.toWellFormed();
    // An empty name, or one that is there already, does not count.
    if (key === "" || this.#names.has(key) || this.list.length >= MAX_ATTRIBUTES) {
      this.dropped++;
      return;
    }
    this.#names.add(key);
    this.list.push({ key, value: anyValue(value) });
  }

  /** Adds an attribute of our own, unless the program has one of that name. */
  addOwn(name: string, value: unknown): void {
    if (!this.#names.has(name)) this.add(name, value);
  }
}

/** Adds an error's parts by OpenTelemetry's names. */
function addError(
  { exc_info: error, exc_text }: LogRecord,
  { errorFormatter }: RecordForm,
  attributes: Attributes,
): void {
  if (!error) {
    // A record that was made from another host's has the error's text only.
    if (exc_text) attributes.addOwn("exception.stacktrace", exc_text);
    return;
  }
  if (isError(error)) {
    attributes.addOwn("exception.type", readOrTell(error, "name"));
    attributes.addOwn("exception.message", readOrTell(error, "message"));
  } else attributes.addOwn("exception.message", quietStr(error));
  attributes.addOwn("exception.stacktrace", exc_text || errorFormatter.formatException(error));
}

/** The last millisecond, in 2554, whose nanoseconds go into 64 bits. */
const LAST_MILLISECOND = 18_446_744_073_709;

/** Seconds as whole nanoseconds, as a text, since no number holds them; now, if it is no time. */
function nanoseconds(seconds: unknown): string {
  const milliseconds = typeof seconds === "number" ? Math.round(seconds * 1000) : -1;
  const isTime = milliseconds > 0 && milliseconds <= LAST_MILLISECOND;
  return `${BigInt(isTime ? milliseconds : Date.now()) * 1_000_000n}`;
}
