import type { LogRecord } from "../../core/records/log_record.ts";
import type { TextStream } from "../../core/io/std_stream.ts";
import { absolutePath } from "./absolute_path.ts";
import { FileHandler } from "./file_handler.ts";
import { LogFile, requireRead, statIfExists } from "./log_file.ts";

/**
 * Writes lines to a file, and to the new one when somebody like `logrotate` has put
 * another in its place (`logging.handlers.WatchedFileHandler`); not for Windows.
 *
 * @example
 * ```ts
 * import { getLogger, WatchedFileHandler } from "@logdial/logging";
 *
 * getLogger().addHandler(new WatchedFileHandler("/var/log/app.log"));
 * ```
 */
export class WatchedFileHandler extends FileHandler {
  /** Device of the open file, -1 for none. */
  dev: number = -1;
  /** Inode of the open file, -1 for none. */
  ino: number = -1;
  #watched: TextStream | undefined;

  /**
   * Opens the file, with `delay` only when the first line comes.
   *
   * @throws {Error} The file cannot be opened, or cannot be watched without `--allow-read`.
   */
  constructor(
    filename: string | URL,
    mode = "a",
    encoding?: string | null,
    delay = false,
    errors?: string | null,
  ) {
    const path = absolutePath(filename);
    requireRead(path, path, "the file is watched", path);
    super(path, mode, encoding, delay, errors);
    this.#remember();
  }

  /** Opens the file anew if another one has its name, or none has. */
  reopenIfNeeded(): void {
    const info = statIfExists(this.baseFilename);
    if (info !== undefined && info.dev === this.dev && info.ino === this.ino) return;
    if (this.stream === undefined) return;
    this.closeStream();
    this.stream = this._open();
    this.#remember();
  }

  /** Writes the line to the file that has the name now. */
  protected override writeLine(text: string, record: LogRecord): void {
    this.reopenIfNeeded();
    super.writeLine(text, record);
    // The stream has just been opened: by the first line, or after the handler was closed.
    if (this.stream !== this.#watched) this.#remember();
  }

  #remember(): void {
    this.#watched = this.stream;
    if (!(this.stream instanceof LogFile)) return;
    const { dev, ino } = this.stream.file.statSync();
    this.dev = dev;
    this.ino = ino ?? -1;
  }
}
