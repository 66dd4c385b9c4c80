import type { LogRecord } from "../../core/records/log_record.ts";
import { BaseRotatingHandler, requireRotation } from "./base_rotating_handler.ts";
import { findNumberedBackups, removeBackup } from "./backup_files.ts";
import { LogFile, statIfExists } from "./log_file.ts";
import { requireNumber } from "./require_number.ts";

/** Most backups for which single permissions are looked up; for more, the folder's counts. */
const MAX_NAMES = 100;

/**
 * Begins a new file whenever a line would make it `maxBytes` long or longer, and keeps
 * `backupCount` old ones as `app.log.1`, `app.log.2`, …
 * (`logging.handlers.RotatingFileHandler`).
 *
 * Threads and processes may share the file: see {@linkcode BaseRotatingHandler}.
 * As in CPython a line counts its characters, not its bytes, and without backups the
 * file grows for ever.
 *
 * @example
 * ```ts
 * import { getLogger, RotatingFileHandler } from "@logdial/logging";
 *
 * getLogger().addHandler(new RotatingFileHandler("app.log", "a", 1_000_000, 5));
 * ```
 */
export class RotatingFileHandler extends BaseRotatingHandler {
  /** Bytes of a full file; 0 for no rollovers. */
  maxBytes: number;
  /** Old files to keep; 0 for no rollovers. */
  backupCount: number;

  /**
   * Opens the file, with `maxBytes` always to add to it.
   *
   * @throws {TypeError} `maxBytes` or `backupCount` is no number.
   * @throws {Error} The file cannot be opened, or could not be renamed later without
   * `--allow-read`.
   */
  constructor(
    filename: string | URL,
    mode = "a",
    maxBytes = 0,
    backupCount = 0,
    encoding?: string | null,
    delay = false,
    errors?: string | null,
  ) {
    requireNumber("maxBytes", maxBytes);
    requireNumber("backupCount", backupCount);
    const rotates = maxBytes > 0;
    if (rotates && backupCount > 0) requireRotation(filename);
    super(filename, rotates ? "a" : mode, encoding, delay, errors);
    this.maxBytes = maxBytes;
    this.backupCount = backupCount;
  }

  /** Whether the record's line would make the file too long. */
  override shouldRollover(record: LogRecord): boolean {
    if (!(this.maxBytes > 0)) return false;
    this.stream ??= this._open();
    const { stream } = this;
    if (!(stream instanceof LogFile)) {
      const info = statIfExists(this.baseFilename);
      return info?.isFile === true && this.#exceeds(info.size, this.lineOf(record));
    }
    return stream.isRegular && this.#exceeds(stream.size(), this.lineOf(record));
  }

  /** Renames `app.log.1` to `app.log.2` and so on, and the file to `app.log.1`. */
  override doRollover(): void {
    this.exclusively(() => {
      if (!this.mayBePutAside()) return;
      this.closeStream();
      if (this.backupCount > 0) this.#putAside();
      this.openNext();
    }, false);
  }

  /** Whether both limits are set, or a subclass has its own `shouldRollover` or `doRollover`. */
  protected override canRollOver(): boolean {
    const { shouldRollover, doRollover } = RotatingFileHandler.prototype;
    return this.shouldRollover !== shouldRollover ||
      (this.maxBytes > 0 && (this.backupCount > 0 || this.doRollover !== doRollover));
  }

  /** `app.log.1` and so on, unless a subclass makes the rollovers. */
  protected override backupNames(): readonly string[] {
    if (this.doRollover !== RotatingFileHandler.prototype.doRollover) return [];
    const count = Math.min(this.backupCount, MAX_NAMES);
    return Array.from(
      { length: count },
      (_, at) => this.rotationFilename(`${this.baseFilename}.${at + 1}`),
    );
  }

  #putAside(): void {
    const { baseFilename } = this;
    const nameOf = (number: number) => this.rotationFilename(`${baseFilename}.${number}`);
    for (const number of findNumberedBackups(this.backupCount, nameOf).reverse()) {
      renameBackup(nameOf(number), nameOf(number + 1));
    }
    const first = nameOf(1);
    removeBackup(first);
    this.rotate(baseFilename, first);
  }

  #exceeds(size: number, line: string): boolean {
    // Differs from CPython 3.11: an empty file is never put aside, as in 3.13.
    if (size === 0) return false;
    const message = line.slice(0, line.length - this.terminator.length);
    // Python counts code points, of which there are no more than code units, and one for the end of
    // the line, whatever the terminator is.
    if (size + message.length + 1 < this.maxBytes) return false;
    return size + codePoints(message) + 1 >= this.maxBytes;
  }
}

/**
 * Renames a backup. A file that is in the way is removed first: if a file is renamed over another,
 * ext4 writes it to the disk at once, which takes time.
 */
function renameBackup(source: string, dest: string): void {
  // A namer may give both the same name.
  if (source === dest) return;
  removeBackup(dest);
  Deno.renameSync(source, dest);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
