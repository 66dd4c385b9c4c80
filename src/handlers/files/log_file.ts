import { isRefusedUnasked } from "../../core/handlers/build_scope.ts";
import { mayAccess, neededFlags } from "../../core/io/permission_flag.ts";
import type { TextStream } from "../../core/io/std_stream.ts";
import type { OpenMode } from "./open_mode.ts";
import type { TextCodec } from "../encoding/text_codec.ts";

/** An open log file: every text goes out with one system call, nothing is held back. */
export class LogFile implements TextStream {
  /** The path that it was opened under. */
  readonly name: string;
  /** The descriptor. */
  readonly file: Deno.FsFile;
  readonly #codec: TextCodec;
  readonly #mode: OpenMode;
  #atStart: boolean;
  #unfinished: Uint8Array | undefined;
  #closed = false;
  #checked = false;
  #info: Deno.FileInfo | undefined;

  /** Takes over a descriptor that is open in that mode. */
  constructor(name: string, file: Deno.FsFile, mode: OpenMode, codec: TextCodec) {
    this.name = name;
    this.file = file;
    this.#codec = codec;
    this.#mode = mode;
    // Only a file in mode `a` may begin with text of others; in other modes writing starts at 0.
    this.#atStart = mode.kind !== "a" || isEmpty(file);
  }

  /** Device and inode of a regular file, undefined for others and on Windows. */
  get id(): string | undefined {
    return fileId(this.#info ??= this.file.statSync());
  }

  /** Whether it is a regular file: no device, no pipe. */
  get isRegular(): boolean {
    return (this.#info ??= this.file.statSync()).isFile;
  }

  /** Whether the last `write` took a part of its text; the next one finishes it first. */
  get isTorn(): boolean {
    return this.#unfinished !== undefined;
  }

  /** Whether it has been closed. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Writes all of the text.
   *
   * @throws {Error} The system's error, e.g. that the disk is full. If a part of the text was written,
   * the rest is kept for the next call.
   */
  write(text: string): void {
    if (this.#mode.binary) {
      throw new TypeError("a bytes-like object is required, not 'str'");
    }
    if (!this.#mode.writable) throw new TypeError("the log file is not open for writing");
    if (this.#unfinished !== undefined) this.#finish();
    const bytes = this.#codec.encode(text, this.#atStart);
    const written = this.file.writeSync(bytes);
    this.#atStart = false;
    if (written < bytes.length) {
      this.#unfinished = bytes.slice(written);
      this.#finish();
    }
  }

  /** Empties the file, as opening it in mode `w` does; a pipe or a device stays as it is. */
  clear(): void {
    if (this.#closed) return;
    try {
      this.file.truncateSync(0);
      this.file.seekSync(0, Deno.SeekMode.Start);
    } catch {
      // It is a pipe or a device.
    }
  }

  /** Bytes in the file, whoever has written them. */
  size(): number {
    return this.file.seekSync(0, Deno.SeekMode.End);
  }

  /**
   * Whether the file had lost its name just after it was opened: another thread may have made it for
   * a configuration, and removed it again. This is looked up once; without permission to read the
   * file it cannot be known.
   */
  isOrphan(): boolean {
    if (this.#checked) return false;
    this.#checked = true;
    const { state } = Deno.permissions.querySync({ name: "read", path: this.name });
    if (state !== "granted") return false;
    this.#info = this.file.statSync();
    return this.#info.isFile && this.#info.nlink === 0;
  }

  /** Nothing is held back. */
  flush(): void {}

  /** Closes the descriptor, once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (this.#unfinished !== undefined) this.#finish();
    } catch {
      // The failure was told when the line was torn.
    } finally {
      this.file.close();
    }
  }

  #finish(): void {
    while (this.#unfinished !== undefined) {
      const written = this.file.writeSync(this.#unfinished);
      const rest = this.#unfinished.subarray(written);
      this.#unfinished = rest.length === 0 ? undefined : rest;
    }
  }
}

function isEmpty(file: Deno.FsFile): boolean {
  try {
    return file.seekSync(0, Deno.SeekMode.End) === 0;
  } catch {
    return true; // A pipe.
  }
}

/** Device and inode of a regular file, undefined for others and on Windows. */
export function fileId({ isFile, dev, ino }: Deno.FileInfo): string | undefined {
  return isFile && ino !== null ? `${dev}:${ino}` : undefined;
}

/** What stands at the path now, undefined for nothing. */
export function statIfExists(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Checks that something may be looked at, for a log file that needs it.
 *
 * @throws {Deno.errors.NotCapable} With the permission that is missing, and with that to write
 * `written` if it is missing too, so that nobody has to start twice.
 */
export function requireRead(logFile: string, what: string, purpose: string, written: string): void {
  try {
    if (isRefusedUnasked({ name: "read", path: what })) throw new Deno.errors.NotCapable();
    Deno.statSync(what);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) return;
    const needed: Deno.PermissionDescriptor[] = [{ name: "read", path: what }];
    if (!mayAccess("write", written)) needed.push({ name: "write", path: written });
    throw new Deno.errors.NotCapable(
      `Cannot log to ${JSON.stringify(logFile)}: run with ${neededFlags(needed)}, since ${purpose}`,
      { cause: error },
    );
  }
}
