import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { ListenerCounts } from "../rings/listener_counts.ts";
import { exitSignals, type WrittenAtEnd } from "../rings/exit_signals.ts";
import { dumpLines, WHOLE_DUMP } from "./dump_lines.ts";
import { readRecorded, type Recordings, type ThreadRecords } from "./recordings.ts";

/** Characters that are written at once. */
const PIECE_LENGTH = 1 << 18;

/** What a thread says that wants its process's records in a file when something goes wrong. */
export interface DumpTo {
  readonly path: string;
  /** How many listeners the thread has for each of `EXIT_SIGNALS`. */
  readonly listeners: SharedArrayBuffer;
}

/**
 * Writes what recorders hold into the files that the program has named: before a signal ends it,
 * when a thread says that it ends by an error, and before errors. Each record is written once.
 */
export class DumpFiles implements WrittenAtEnd {
  readonly #recordings: Recordings;
  /** The number of the last record of each thread that each file has. */
  readonly #written = new Map<string, Map<string, number>>();
  /** By thread. */
  readonly #listeners = new Map<string, ListenerCounts>();
  #writing: Promise<void> = Promise.resolve();

  /** Writes what these hold. */
  constructor(recordings: Recordings) {
    this.#recordings = recordings;
  }

  /** Takes in what a thread wants. */
  add(id: string, { path, listeners }: DumpTo): void {
    if (!this.#written.has(path)) this.#written.set(path, new Map());
    const counts = new ListenerCounts(listeners);
    counts.want();
    this.#listeners.set(id, counts);
    exitSignals.watch(this);
  }

  /** A thread has ended; its file stays one of the process's. */
  remove(id: string): void {
    this.#listeners.delete(id);
  }

  listeners(): Iterable<ListenerCounts> {
    return this.#listeners.values();
  }

  /** The program hears the signal and may hang: SIGHUP alone is often no end at all. */
  async flush(signal: Deno.Signal): Promise<void> {
    if (signal !== "SIGHUP") await this.write(signal);
  }

  async leave(signal: Deno.Signal): Promise<void> {
    await this.write(signal);
  }

  /** Writes what is new, of one thread or of all; what goes wrong is told on stderr. */
  async write(reason: string, id?: string): Promise<void> {
    const at = new Date().toISOString();
    const threads = this.#recordings.all.filter(({ thread }) =>
      id === undefined || thread.id === id
    )
      .map(readRecorded);
    const writing = this.#writing.then(async () => {
      for (const path of this.#written.keys()) await this.#append(path, threads, { reason, at });
    });
    this.#writing = writing;
    await writing;
  }

  async #append(
    path: string,
    threads: readonly ThreadRecords[],
    { reason, at }: { readonly reason: string; readonly at: string },
  ): Promise<void> {
    const written = this.#written.get(path)!;
    const fresh = threads.map((one) => newerThan(written.get(one.thread.id), one))
      .filter(({ records }) => records.length > 0);
    if (fresh.length === 0) return;
    try {
      const head = JSON.stringify({ dump: reason, at, pid: Deno.pid });
      await appendLines(path, [head], dumpLines(fresh, WHOLE_DUMP));
      for (const { thread, records } of fresh) written.set(thread.id, records.at(-1)!.number);
    } catch (error) {
      queueDiagnostic(`logdial: cannot write the dump to ${path}: ${reasonOf(error)}\n`);
    }
  }
}

/** Numbers count on beyond the largest, and begin at the smallest again. */
function newerThan(number: number | undefined, records: ThreadRecords): ThreadRecords {
  if (number === undefined) return records;
  return { ...records, records: records.records.filter((one) => ((one.number - number) | 0) > 0) };
}

async function appendLines(path: string, ...parts: Iterable<string>[]): Promise<void> {
  // Records may tell more than all may read.
  const file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
  try {
    let piece = "";
    for (const part of parts) {
      for (const line of part) {
        piece += `${line}\n`;
        if (piece.length < PIECE_LENGTH) continue;
        await writeAll(file, piece);
        piece = "";
      }
    }
    await writeAll(file, piece);
  } finally {
    file.close();
  }
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
