import { mayAccess } from "../../core/io/permission_flag.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import type { TextStream } from "../../core/io/std_stream.ts";
import { absolutePath, splitPath } from "./absolute_path.ts";
import { FileHandler } from "./file_handler.ts";
import { lockFile, unlockFile } from "./file_lock.ts";
import { fileId, LogFile, requireRead, statIfExists } from "./log_file.ts";
import { textCodec } from "../encoding/text_codec.ts";

/** After so many rollovers for one line, the line is written in any case. */
const MAX_ROLLOVERS = 10;
/** How many times a file is followed that others keep replacing. */
const MAX_REPLACEMENTS = 100;
/** Stands for the file when there is none. */
const NO_FILE = "none";

/** Paths that this thread is putting aside: a rotator that logs must not begin that again. */
const rollingOver = new Set<string>();

/**
 * A file that is put aside from time to time (`logging.handlers.BaseRotatingHandler`).
 *
 * Any number of handlers may share the file, on several threads and in several processes
 * of one machine: each line is written, and each rollover made, under an exclusive
 * `flock` on the file that the path names. So a full file is put aside once, the others
 * notice it at their next line, no line goes into a file that has been put aside, and
 * none is lost but with the oldest backup. Which of several waiting lines comes first
 * after a rollover is open. A process that is stopped (`SIGSTOP`) in the microseconds of
 * a write holds up the others. There are no locks on Windows, on file systems without
 * `flock`, and in CPython's handlers: sharing a file with those is not safe.
 *
 * @example
 * ```ts
 * import { RotatingFileHandler } from "@logdial/logging";
 *
 * const handler = new RotatingFileHandler("app.log", "a", 1_000_000, 5);
 * handler.namer = (name) => `${name}.old`;
 * ```
 */
export abstract class BaseRotatingHandler extends FileHandler {
  /** Moves a full file to its new name, set or inherited; without, it is renamed. */
  rotator?(source: string, dest: string): void;
  /** Makes the new name from the usual one, set or inherited; without, that is used. */
  namer?(defaultName: string): string;
  #locked: LogFile | undefined;
  #current: { readonly record: LogRecord; readonly text: string } | undefined;
  #knownId: string | undefined;
  #isNew = false;
  #failsToRollOver = false;

  /** Whether the file has to be put aside before the record's line is written. */
  abstract shouldRollover(record: LogRecord): boolean;

  /** Puts the file aside and begins a new one. */
  abstract doRollover(): void;

  /** The name that a full file gets, from the usual one (`rotation_filename`). */
  rotationFilename(defaultName: string): string {
    return typeof this.namer === "function" ? this.namer(defaultName) : defaultName;
  }

  /** Moves a full file to its new name. */
  rotate(source: string, dest: string): void {
    if (typeof this.rotator === "function") this.rotator(source, dest);
    else if (statIfExists(source) !== undefined) Deno.renameSync(source, dest);
  }

  /** Whether there are rollovers at all; if not, no lock is taken. */
  protected canRollOver(): boolean {
    return true;
  }

  /** Called when another handler has put the file aside, under the lock on the new file. */
  protected adoptFile(): void {}

  /** The record's line, formatted once for `shouldRollover` and for writing. */
  protected lineOf(record: LogRecord): string {
    if (this.#current?.record === record) return this.#current.text;
    return this.format(record) + this.terminator;
  }

  /** Whether a file, or nothing, is at the path: devices and pipes are never put aside. */
  protected mayBePutAside(): boolean {
    return statIfExists(this.baseFilename)?.isFile ?? true;
  }

  /** Notes which file is at the path: if another one is there later, it is adopted. */
  protected expectFile(id: string | undefined): void {
    this.#knownId = id ?? NO_FILE;
  }

  /** Whether the file has just been made, for the line at hand. */
  protected get isNewFile(): boolean {
    return this.#isNew;
  }

  /** Permissions to write to the file and to its backups, without which no rollover succeeds. */
  override requiredPermissions(): readonly Deno.PermissionDescriptor[] {
    const needed = super.requiredPermissions();
    // What a rotator of the program's own does, and where, only the program knows.
    const isRenamed = typeof this.rotator !== "function" &&
      this.rotate === BaseRotatingHandler.prototype.rotate;
    if (!isRenamed || !this.canRollOver()) return needed;
    const backups = this.backupNames();
    if (backups.every((path) => mayAccess("write", path)) || !this.mayBePutAside()) return needed;
    // Backups come and go, so that permissions can only be for their folders.
    const folders = new Set(backups.map((path) => splitPath(path)[0] || "."));
    return [...needed, ...[...folders].map((path) => ({ name: "write", path }) as const)];
  }

  /** Names of the backups, as far as they are known ahead; or an example of such a name. */
  protected backupNames(): readonly string[] {
    return [];
  }

  /** Puts the file aside if it is due, then writes the line. */
  protected override writeLine(text: string, record: LogRecord): void {
    if (!this.canRollOver()) {
      super.writeLine(text, record);
      return;
    }
    // A rotator that logs leads here again, with another record.
    const outer = this.#current;
    this.#current = { record, text };
    try {
      let rollovers = 0;
      while (!this.exclusively(() => this.#tryLine(text, record, rollovers))) rollovers++;
    } finally {
      this.#current = outer;
    }
  }

  /**
   * Runs an action while no other handler writes to the file or puts it aside; `mayOpen` says
   * whether the handler's stream may be opened for it.
   */
  protected exclusively<T>(action: () => T, mayOpen = true): T {
    if (this.#locked !== undefined) return action();
    const isOpen = mayOpen || this.stream !== undefined;
    if (!isOpen && statIfExists(this.baseFilename) === undefined) return action();
    const log = this.#locked = this.#lockCurrent(isOpen);
    try {
      return action();
    } finally {
      this.#locked = undefined;
      this.#isNew = false;
      if (log !== undefined) {
        unlockFile(log);
        if (this.stream !== log) log.close();
      }
    }
  }

  /** Lets go of the stream; the locked file stays open and locked until all is done. */
  protected override closeStream(): void {
    if (this.#locked !== undefined && this.stream === this.#locked) this.stream = undefined;
    else super.closeStream();
  }

  /** Opens a new file after the old one has been put aside, unless it is to wait. */
  protected openNext(): void {
    // A rotator that logs may have opened the new file already.
    this.closeStream();
    this.#knownId = this.delay ? NO_FILE : undefined;
    if (!this.delay) this.stream = this._open();
  }

  /** Writes the line, or makes a rollover and returns false: the next file is to be locked. */
  #tryLine(text: string, record: LogRecord, rollovers: number): boolean {
    const isFresh = rollovers > 0 && isEmpty(this.stream);
    if (!isFresh && rollovers < MAX_ROLLOVERS && this.#rollOverIfDue(record)) return false;
    super.writeLine(text, record);
    return true;
  }

  #rollOverIfDue(record: LogRecord): boolean {
    const { baseFilename } = this;
    if (rollingOver.has(baseFilename)) return false;
    rollingOver.add(baseFilename);
    try {
      if (!this.shouldRollover(record)) return false;
      this.doRollover();
      this.#failsToRollOver = false;
      return true;
    } catch (error) {
      // Differs from CPython: the line is not lost, it goes into the file that is full.
      if (!this.#failsToRollOver) this.handleError(record, error);
      this.#failsToRollOver = true;
      return false;
    } finally {
      rollingOver.delete(baseFilename);
    }
  }

  /** Locks the file at the path, a new one if another handler has put ours aside. */
  #lockCurrent(mayOpen: boolean): LogFile | undefined {
    for (let tries = 1;; tries++) {
      if (mayOpen) this.stream ??= this.#openFirst();
      const log = this.stream ?? openForLock(this.baseFilename);
      // It is a stream of a subclass's own, a device or a pipe.
      if (!(log instanceof LogFile) || log.id === undefined) return undefined;
      const isLocked = lockFile(log);
      if (tries === MAX_REPLACEMENTS || this.#isCurrent(log)) {
        const { id } = log;
        if (this.#knownId !== undefined && this.#knownId !== id) this.adoptFile();
        this.#knownId = id;
        return isLocked ? log : undefined;
      }
      if (isLocked) unlockFile(log);
      log.close();
      this.stream = undefined;
    }
  }

  #openFirst(): TextStream {
    this.#isNew = this.#knownId === NO_FILE && statIfExists(this.baseFilename) === undefined;
    const stream = this._open();
    // A file that this handler makes itself was not put there by another one.
    if (this.#isNew) this.#knownId = undefined;
    return stream;
  }

  #isCurrent(log: LogFile): boolean {
    const info = statIfExists(this.baseFilename);
    return info !== undefined && fileId(info) === log.id;
  }
}

/** Checks that the file's folder may be read: Deno wants that of a rename. */
export function requireRotation(filename: string | URL): void {
  const path = absolutePath(filename), folder = splitPath(path)[0] || ".";
  requireRead(path, folder, "renaming a file takes reading it", folder);
}

/** Opens a descriptor of the file that only serves to lock it. */
function openForLock(path: string): LogFile {
  const mode = { kind: "a", binary: false, writable: true } as const;
  return new LogFile(path, Deno.openSync(path, { append: true }), mode, textCodec());
}

function isEmpty(stream: TextStream | undefined): boolean {
  return stream === undefined || stream instanceof LogFile && stream.size() === 0;
}
