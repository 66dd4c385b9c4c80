import { writeDiagnostic } from "./diagnostics.ts";
import { encodeLine } from "./shared/encode_line.ts";

/** What a handler writes to: text in, whole; `flush` if there is something to flush. */
export interface TextStream {
  /** Takes the text, whole or with an error. */
  write(text: string): unknown;
  /** Hands on what is held back. */
  flush?(): unknown;
}

/** What can be written to synchronously, such as `Deno.stdout` and `Deno.FsFile`. */
export interface ByteStream {
  /** Writes some of the bytes and returns how many. */
  writeSync(bytes: Uint8Array): number;
}

/**
 * Longest piece that a pipe takes whole or not at all (`PIPE_BUF`), so that a piece
 * refused by a non-blocking pipe can be offered again without writing anything twice.
 */
const ATOMIC_BYTES = 4096;

/**
 * Text in UTF-8 onto a file descriptor, one system call per text.
 *
 * One `writeSync` of a whole line is what keeps lines of several threads apart on the
 * same pipe; `console.log` costs about four times as much.
 */
export class StdStream implements TextStream {
  /** Name in Python's notation, such as `<stdout>`. */
  readonly name: string;
  readonly #target: ByteStream;
  #broken = false;
  #nonBlocking = false;

  /** Writes to `target`; `name` is for messages. */
  constructor(target: ByteStream, name: string) {
    this.#target = target;
    this.name = name;
  }

  /** Writes all of the text; a reader that has gone away is told of once and then ignored. */
  write(text: string): void {
    if (this.#broken) return;
    const bytes = encodeLine(text);
    try {
      if (this.#nonBlocking) this.#writePieces(bytes);
      else this.#writeWhole(bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      this.#broken = true;
      writeDiagnostic(
        `logdial: cannot write to ${this.name}: its reader has closed it; ` +
          "lines for it are dropped from here on\n",
      );
    }
  }

  /** Long lines go whole too, since only that keeps threads apart. */
  #writeWhole(bytes: Uint8Array): void {
    let written = this.#writePiece(bytes);
    while (written < bytes.length) written += this.#writePiece(bytes.subarray(written));
  }

  /** A pipe that has shown that it does not block gets pieces that can be offered again. */
  #writePieces(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      at += this.#writePiece(bytes.subarray(at, at + ATOMIC_BYTES));
    }
  }

  #writePiece(piece: Uint8Array): number {
    for (;;) {
      try {
        return this.#target.writeSync(piece);
      } catch (error) {
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        this.#nonBlocking = true;
        pause(1);
      }
    }
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the thread for `milliseconds`: a log call is synchronous, so is its waiting. */
function pause(milliseconds: number): void {
  Atomics.wait(never, 0, 0, milliseconds);
}

/** The program's standard output, `sys.stdout` in configurations. */
export const stdout: StdStream = new StdStream(Deno.stdout, "<stdout>");
/** The program's standard error, `sys.stderr` in configurations. */
export const stderr: StdStream = new StdStream(Deno.stderr, "<stderr>");
