/** Characters that are written at once. */
const PIECE_LENGTH = 1 << 18;
/** Longest time that a file may take nothing, in milliseconds: the program's end waits for it. */
const STALL_MS = 5000;

/** Only the user may read the file: records may hold what is not for everybody. */
const OPENING: Deno.OpenOptions = { append: true, create: true, mode: 0o600 };

const LINE_BREAK = 10;
const ENCODER = new TextEncoder();

/**
 * Adds lines to a file; where it takes no more, those that are whole stay.
 *
 * @throws {Deno.errors.TimedOut} It takes nothing, such as a pipe that nobody reads.
 */
export async function appendLines(
  path: string,
  lines: Iterable<string>,
  stallMs: number = STALL_MS,
): Promise<void> {
  const opening = Deno.open(path, OPENING);
  const file = await orStalled(opening, stallMs, () => {
    // The file may still open, too late for anybody to write: then it is closed.
    opening.then((late) => late.close(), () => {});
  });
  const end = new FileEnd(file);
  try {
    for (const piece of piecesOf(lines)) {
      for (let at = 0; at < piece.length;) {
        at += end.note(piece, at, await orStalled(file.write(piece.subarray(at)), stallMs));
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.TimedOut)) end.cutTorn();
    throw error;
  } finally {
    file.close();
  }
}

/** As {@linkcode appendLines}, but synchronous: for a thread that is about to end. */
export function appendLinesSync(path: string, lines: Iterable<string>): void {
  const file = Deno.openSync(path, OPENING);
  const end = new FileEnd(file);
  try {
    for (const piece of piecesOf(lines)) {
      for (let at = 0; at < piece.length;) {
        at += end.note(piece, at, file.writeSync(piece.subarray(at)));
      }
    }
  } catch (error) {
    end.cutTorn();
    throw error;
  } finally {
    file.close();
  }
}

/** Follows where the file and its last whole line end, so that a torn line can be cut off. */
class FileEnd {
  readonly #file: Deno.FsFile;
  /** Bytes that are in the file; undefined for a pipe, which has no size. */
  #size: number | undefined;
  /** Bytes of the line that is not whole yet. */
  #torn = 0;

  /** Looks at the end as it is. */
  constructor(file: Deno.FsFile) {
    this.#file = file;
    this.#size = sizeOf(file);
  }

  /** Notes that `count` bytes of a piece have been written, from `at` on; returns `count`. */
  note(piece: Uint8Array, at: number, count: number): number {
    if (this.#size !== undefined) this.#size += count;
    this.#torn = at + count - 1 - piece.lastIndexOf(LINE_BREAK, at + count - 1);
    return count;
  }

  /** Takes a torn line back, unless another process has written on. */
  cutTorn(): void {
    if (this.#torn === 0 || this.#size === undefined || sizeOf(this.#file) !== this.#size) return;
    this.#file.truncateSync(this.#size - this.#torn);
  }
}

/**
 * The size of a file, undefined for a pipe. `stat` would tell it too, but takes the permission to
 * read the file.
 */
function sizeOf(file: Deno.FsFile): number | undefined {
  try {
    return file.seekSync(0, Deno.SeekMode.End);
  } catch {
    return undefined;
  }
}

function* piecesOf(lines: Iterable<string>): Generator<Uint8Array<ArrayBuffer>> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    yield ENCODER.encode(piece);
    piece = "";
  }
  yield ENCODER.encode(piece);
}

async function orStalled<T>(work: Promise<T>, ms: number, giveUp = () => {}): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    giveUp();
    reject(new Deno.errors.TimedOut(`it took nothing for ${ms / 1000} s`));
  }, ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
