import type { ByteStream } from "./byte_stream.ts";
import { writeDiagnostic } from "./diagnostics.ts";
import { encodeLine } from "./encode_line.ts";
import { PIECE_BYTES, writePiece } from "./write_piece.ts";

const encoder = new TextEncoder();

/**
 * A stream to which a handler writes texts.
 *
 * @example
 * ```ts
 * import { StreamHandler, type TextStream } from "@logdial/logging";
 *
 * const lines: string[] = [];
 * const stream: TextStream = { write: (text) => void lines.push(text) };
 * const handler = new StreamHandler(stream);
 * ```
 */
export interface TextStream {
  /** Takes the text, whole or with an error. */
  write(text: string): unknown;
  /** Writes out what the stream holds back, if it does so. */
  flush?(): unknown;
}

/**
 * Writes texts in UTF-8 to a file descriptor, with one system call per text.
 *
 * One `writeSync` of a whole line is what keeps lines of several threads apart on the
 * same pipe; `console.log` costs about four times as much.
 *
 * @example
 * ```ts
 * import { stdout } from "@logdial/logging";
 *
 * console.log(stdout.name); // <stdout>
 * ```
 */
export class StdStream implements TextStream {
  /** Name in Python's notation, such as `<stdout>`. */
  readonly name: string;
  readonly #target: ByteStream;
  /** Deno's own function that writes to the target; undefined for a stream of the program's own. */
  readonly #native: ByteStream["writeSync"] | undefined;
  #broken = false;
  #nonBlocking = false;
  readonly #onFull = () => void (this.#nonBlocking = true);

  /** Writes to `target`; `name` is for messages. */
  constructor(target: ByteStream, name: string) {
    this.#target = target;
    this.#native = nativeWrite(target);
    this.name = name;
  }

  /** Whether this thread has found that the stream does not block. */
  get isNonBlocking(): boolean {
    return this.#nonBlocking;
  }

  /** Whether this thread has found that its reader has gone away, and has told so. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** Writes all of the text; if the reader has gone away, that is told once, and texts are dropped. */
  write(text: string): void {
    if (this.#broken) return;
    // A stream of the program's own may keep the bytes, or log before it writes them.
    const isNative = this.#target.writeSync === this.#native;
    const bytes = isNative ? encodeLine(text) : encoder.encode(text);
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

  /** Writes a text as a whole even if it is long: only that keeps the lines of threads apart. */
  #writeWhole(bytes: Uint8Array): void {
    let written = writePiece(this.#target, bytes, this.#onFull);
    while (written < bytes.length) {
      written += writePiece(this.#target, bytes.subarray(written), this.#onFull);
    }
  }

  /** Writes pieces that can be offered again, to a pipe that has shown that it does not block. */
  #writePieces(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      at += writePiece(this.#target, bytes.subarray(at, at + PIECE_BYTES));
    }
  }
}

/** Deno's own function that writes to the target, for which a program may have put another. */
function nativeWrite(target: ByteStream): ByteStream["writeSync"] | undefined {
  const isDenos = target === Deno.stdout || target === Deno.stderr ||
    target instanceof Deno.FsFile;
  return isDenos ? Object.getPrototypeOf(target).writeSync : undefined;
}

/**
 * The program's standard output, `sys.stdout` in configurations.
 *
 * @example
 * ```ts
 * import { stdout, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler(stdout);
 * ```
 */
export const stdout: StdStream = new StdStream(Deno.stdout, "<stdout>");
/**
 * The program's standard error, `sys.stderr` in configurations.
 *
 * @example
 * ```ts
 * import { stderr, StreamHandler } from "@logdial/logging";
 *
 * const handler = new StreamHandler(stderr);
 * ```
 */
export const stderr: StdStream = new StdStream(Deno.stderr, "<stderr>");
