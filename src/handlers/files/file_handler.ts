import { getRaiseExceptions, writeDiagnostic } from "../../core/io/diagnostics.ts";
import { forgetHandler, reportFailure } from "../../core/handlers/handler.ts";
import { getLevelName } from "../../core/levels/levels.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { onRejection } from "../../core/values/on_rejection.ts";
import { requireText } from "../../core/formatters/require_text.ts";
import { stderr, type TextStream } from "../../core/io/std_stream.ts";
import { absolutePath } from "./absolute_path.ts";
import { LogFile } from "./log_file.ts";
import { openLogFile } from "./open_log_file.ts";
import { type OpenMode, parseOpenMode } from "./open_mode.ts";
import { StreamHandler } from "../stream_handler.ts";
import { type TextCodec, textCodec } from "../encoding/text_codec.ts";

/**
 * Writes lines to a file (`logging.FileHandler`).
 *
 * A line is in the file, written with one system call, when the log call returns; in mode `a` the
 * lines of several threads and processes stay whole. If the disk is full or gone, the first failure
 * is told, and the number of lost lines once it is back.
 *
 * Differs from CPython: that buffers, so that lines over 8 KiB can be torn; it tells of
 * every failed line; a file that cannot be opened late makes the log call throw there.
 *
 * @example
 * ```ts
 * import { FileHandler, getLogger } from "@logdial/logging";
 *
 * getLogger().addHandler(new FileHandler("app.log"));
 * ```
 */
export class FileHandler extends StreamHandler {
  /** The file's absolute path. */
  baseFilename: string;
  /** Mode of Python's `open`. */
  mode: string;
  /** Encoding as given, undefined for UTF-8. */
  encoding: string | undefined;
  /** Name of the error handler for characters that the encoding does not have. */
  errors: string | undefined;
  /** Whether the file is opened by the first line only. */
  delay: boolean;
  #way: Way | undefined;
  #closed = false;
  #isReporting = true;
  #lostLines: number | undefined;

  /**
   * Opens the file, in mode `w` emptying it; with `delay` only when the first line comes.
   *
   * @throws {Error} The file cannot be opened, in the system's kind of error.
   * @throws {RangeError} An unknown mode or encoding. With `delay`, CPython would take the encoding, and
   * the first log call would throw.
   */
  constructor(
    filename: string | URL,
    mode = "a",
    encoding?: string | null,
    delay = false,
    errors?: string | null,
  ) {
    const baseFilename = absolutePath(filename);
    super(stderr);
    this.stream = undefined;
    this.baseFilename = baseFilename;
    this.mode = mode;
    this.encoding = encoding ?? undefined;
    this.errors = errors ?? undefined;
    this.delay = Boolean(delay);
    try {
      if (!this.delay) this.stream = this._open();
      // A subclass that opens the file in its own way may have other modes and encodings.
      else if (this._open === FileHandler.prototype._open) findWay(this);
    } catch (error) {
      forgetHandler(this);
      throw error;
    }
  }

  /** Opens the file in the handler's mode and encoding. */
  protected _open(): TextStream {
    const { mode, codec } = this.#way ??= findWay(this);
    return openLogFile(this.baseFilename, mode, codec);
  }

  /** `it is closed` */
  override get silence(): string | undefined {
    return this.#isOver() ? "it is closed" : undefined;
  }

  /** Writes the record's line and flushes; opens the file if it is not open. */
  override emit(record: LogRecord): void {
    if (this.#isOver()) return;
    let text: string;
    try {
      text = requireText(this.format(record)) + this.terminator;
    } catch (error) {
      reportFailure(this, record, error);
      return;
    }
    try {
      this.writeLine(text, record);
    } catch (error) {
      this.#failed(record, error);
      return;
    }
    try {
      const flushed: unknown = this.flush();
      // A subclass's `flush` may be `async`.
      if (flushed) onRejection(flushed, (error) => reportFailure(this, record, error));
    } catch (error) {
      // Only flushing has failed: the line is written.
      reportFailure(this, record, error);
    }
    if (this.#lostLines !== undefined) this.#recovered(this.#lostLines);
  }

  /** Writes a whole line, for subclasses that do something before. */
  protected writeLine(text: string, _record: LogRecord): void {
    this.stream ??= this._open();
    this.stream.write(text);
    if (this.stream instanceof LogFile && this.stream.isOrphan()) {
      const orphan = this.stream;
      // If there is no other file now, the next line looks for one.
      this.stream = undefined;
      orphan.close();
      this.stream = this._open();
      this.stream.write(text);
    }
  }

  /**
   * Called for each line that was not written. It tells of the first one on stderr, and of no more
   * until a line is written again.
   */
  override handleError(record: LogRecord, error: unknown): void {
    if (this.#isReporting) super.handleError(record, error);
  }

  /** Permission to write to the file, unless it is open already. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    return this.stream === undefined ? [{ name: "write", path: this.baseFilename }] : [];
  }

  /** Closes the file; in mode `a` the next line opens it again. */
  override close(): void {
    this.#closed = true;
    this.closeStream();
    super.close();
  }

  /** Closes the file until the next line. */
  protected closeStream(): void {
    const { stream } = this;
    this.stream = undefined;
    if (stream === undefined) return;
    stream.flush?.();
    (stream as { close?(): void }).close?.();
  }

  /** `<FileHandler /var/log/app.log (INFO)>` */
  override toString(): string {
    return `<${this.constructor.name} ${this.baseFilename} (${getLevelName(this.level)})>`;
  }

  /** As in Python, a closed handler that would empty its file does not open it again. */
  #isOver(): boolean {
    return this.#closed && this.stream === undefined && this.mode === "w";
  }

  #failed(record: LogRecord, error: unknown): void {
    this.#isReporting = this.#lostLines === undefined;
    const isTorn = this.stream instanceof LogFile && this.stream.isTorn;
    // The rest of a torn line is written with the next line: so it is not lost.
    this.#lostLines = (this.#lostLines ?? 0) + (isTorn && this.#isReporting ? 0 : 1);
    try {
      reportFailure(this, record, error);
    } finally {
      this.#isReporting = true;
    }
  }

  #recovered(lostLines: number): void {
    this.#lostLines = undefined;
    if (!getRaiseExceptions()) return;
    writeDiagnostic(
      `logdial: ${this.baseFilename} takes lines again; ${lostLines} could not be written\n`,
    );
  }
}

/** The mode in which a file is opened, and the codec that writes its characters. */
interface Way {
  readonly mode: OpenMode;
  readonly codec: TextCodec;
}

/**
 * Finds out how a file is to be opened; does nothing to it yet.
 *
 * @throws {RangeError} An unknown mode or encoding, or both do not go together.
 */
export function findWay(
  { mode: name, encoding, errors }: Pick<FileHandler, "mode" | "encoding" | "errors">,
): Way {
  const mode = parseOpenMode(name);
  if (mode.binary && (encoding !== undefined || errors !== undefined)) {
    throw new RangeError("Cannot open a log file in binary mode with an encoding or errors");
  }
  return { mode, codec: textCodec(encoding, errors) };
}
