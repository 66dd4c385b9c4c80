import { Handler, reportFailure } from "../../core/handlers/handler.ts";
import { getLevelName } from "../../core/levels/levels.ts";
import { howToNameStream } from "../../core/io/how_to_name_stream.ts";
import { pyRepr } from "../../core/python/py_repr.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { requireText } from "../../core/formatters/require_text.ts";
import { stderr, stdout, type StdStream } from "../../core/io/std_stream.ts";
import { RingWriter } from "./ring_writer.ts";
import { ringKeeper } from "./ring_keeper.ts";

/**
 * Writes lines to stdout or stderr by way of a ring in shared memory: a log call costs a
 * fraction of a system call, and another thread writes.
 *
 * For programs whose lines come thick and fast; for few lines `StreamHandler` is as good. It loses
 * no more lines than that: however the program or a thread of it ends, but for SIGKILL and
 * `process.abort()`, all lines are written before. When the ring is full, its thread waits. Lines
 * are gathered for some 10 ms before they are written.
 *
 * The first lines are written directly, and so are all where there is no hub thread: where
 * it may not be loaded, which is said once, and in workers of a main thread that has no
 * `RingHandler` and does not listen.
 *
 * @example
 * ```ts
 * import { getLogger, RingHandler, stdout } from "@logdial/logging";
 *
 * getLogger().addHandler(new RingHandler(stdout));
 * ```
 */
export class RingHandler extends Handler {
  /** It opens, since people look at its lines. */
  override opens = true;
  /** The text that ends a line. */
  terminator = "\n";
  /** Where the lines go. */
  readonly stream: StdStream;
  readonly #ring: RingWriter;

  /**
   * Takes stdout or stderr; handlers of a thread for the same one share its ring.
   *
   * @throws {TypeError} Another stream.
   */
  constructor(stream: StdStream | typeof Deno.stdout | typeof Deno.stderr | null = stderr) {
    const standard = toStdStream(stream);
    super();
    this.stream = standard;
    this.#ring = ringFor(this.stream);
  }

  /** Puts the record's line into the ring; waits if that is full. */
  emit(record: LogRecord): void {
    try {
      this.#ring.write(requireText(this.format(record)) + this.terminator, record.created);
    } catch (error) {
      reportFailure(this, record, error);
    }
  }

  /** Blocks until all that this thread has logged to the stream is written. */
  override flush(): void {
    this.#ring.flush();
  }

  /** `<RingHandler <stdout> (INFO)>` */
  override toString(): string {
    return `<${this.constructor.name} ${this.stream.name} (${getLevelName(this.level)})>`;
  }
}

/**
 * The stream whose ring a handler is to write to.
 *
 * @throws {TypeError} The stream has no ring: it is neither stdout nor stderr.
 */
export function toStdStream(stream: unknown = stderr): StdStream {
  if (stream === null) return stderr;
  if (stream === stdout || stream === Deno.stdout) return stdout;
  if (stream === stderr || stream === Deno.stderr) return stderr;
  throw new TypeError(
    `Cannot make a ring for stream ${pyRepr(stream)}: it must be stdout or stderr` +
      howToNameStream(stream),
  );
}

const rings = new Map<StdStream, RingWriter>();

/** The thread's ring for stdout or stderr: one each, so that lines stay in order. */
function ringFor(stream: StdStream): RingWriter {
  const known = rings.get(stream);
  if (known !== undefined) return known;
  const ring = new RingWriter(stream, stream === stderr ? Deno.stderr : Deno.stdout);
  rings.set(stream, ring);
  ringKeeper()?.adopt(ring);
  return ring;
}
