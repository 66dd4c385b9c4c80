import type { ByteStream } from "../core/io/byte_stream.ts";
import { Handler, reportFailure, tellFailure } from "../core/handlers/handler.ts";
import { getLevelName } from "../core/levels/levels.ts";
import { howToNameStream } from "../core/io/how_to_name_stream.ts";
import { pyRepr } from "../core/python/py_repr.ts";
import type { LogRecord } from "../core/records/log_record.ts";
import { requireText } from "../core/formatters/require_text.ts";
import { stderr, stdout, StdStream, type TextStream } from "../core/io/std_stream.ts";
import { onRejection } from "../core/values/on_rejection.ts";

/**
 * Writes lines to a stream, stderr by default (`logging.StreamHandler`).
 *
 * @example
 * ```ts
 * import { getLogger, StreamHandler } from "@logdial/logging";
 *
 * getLogger().addHandler(new StreamHandler(Deno.stdout));
 * ```
 */
export class StreamHandler extends Handler {
  /** Its lines are where people look. */
  override opens = true;
  /** What ends a line. */
  terminator = "\n";
  /** Where the lines go; undefined while a subclass has nothing open. */
  stream: TextStream | undefined;

  /**
   * Takes something with `write(text)` or, as Deno has them, `writeSync(bytes)`.
   *
   * Differs from CPython: that takes anything, and fails at each record.
   *
   * @throws {TypeError} It has neither.
   */
  constructor(stream: TextStream | ByteStream | null = stderr) {
    super();
    this.stream = toTextStream(stream ?? stderr);
  }

  /** `it has no stream` */
  override get silence(): string | undefined {
    return this.stream === undefined ? "it has no stream" : undefined;
  }

  /** Writes the record's line with one call of the stream. */
  emit(record: LogRecord): void {
    try {
      const text = requireText(this.format(record)) + this.terminator;
      const written = this.stream?.write(text);
      // Streams of others may be asynchronous.
      if (typeof written === "object") this.#watch(record, written);
      const flushed: unknown = this.flush();
      if (typeof flushed === "object") this.#watch(record, flushed);
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Flushes the stream if it has something to flush; gives the promise of one that is asynchronous. */
  override flush(): void {
    return this.stream?.flush?.() as void;
  }

  #watch(record: LogRecord, promise: unknown): void {
    onRejection(promise, (error) => reportFailure(this, record, error));
  }

  /**
   * Puts another stream in place; returns the old one, undefined if it is the same.
   *
   * @throws {TypeError} It has neither `write(text)` nor `writeSync(bytes)`.
   */
  setStream(stream: TextStream | ByteStream): TextStream | undefined {
    const next = toTextStream(stream);
    if (next === this.stream) return undefined;
    const old = this.stream;
    onRejection(this.flush(), (error) => tellFailure("flush the stream of", this, error));
    this.stream = next;
    return old;
  }

  /** `<StreamHandler <stderr> (INFO)>` */
  override toString(): string {
    const { name } = (this.stream ?? {}) as { name?: unknown };
    const target = typeof name === "string" ? ` ${name}` : "";
    return `<${this.constructor.name}${target} (${getLevelName(this.level)})>`;
  }
}

function toTextStream(stream: TextStream | ByteStream): TextStream {
  if ((stream as unknown) === Deno.stdout) return stdout;
  if ((stream as unknown) === Deno.stderr) return stderr;
  const { write, writeSync } = (stream ?? {}) as Partial<TextStream & ByteStream>;
  if (stream instanceof StdStream) return stream;
  // `writeSync` first: Deno's streams have an asynchronous `write` of bytes as well.
  if (typeof writeSync === "function") return new StdStream(stream as ByteStream, "<stream>");
  if (typeof write === "function") return stream as TextStream;
  throw new TypeError(
    `Cannot log to stream ${pyRepr(stream)}: it has neither write(text) nor writeSync(bytes)` +
      howToNameStream(stream),
  );
}
