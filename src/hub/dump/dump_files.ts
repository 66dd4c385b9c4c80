import { mayAccess } from "../../core/io/permission_flag.ts";
import { queueDiagnostic, untilDiagnosed } from "../../core/io/diagnostic_queue.ts";
import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { pause } from "../../core/runtime/pause.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { ListenerCounts } from "../rings/listener_counts.ts";
import { exitSignals, type WrittenAtEnd } from "../rings/exit_signals.ts";
import { appendLines, appendLinesSync } from "./append_lines.ts";
import { dumpLines, WHOLE_DUMP } from "./dump_lines.ts";
import { DumpedRecords } from "./dumped_records.ts";
import { readRecorded, type Recordings, type RingRecords } from "./recordings.ts";

/** How long the program's end waits for a stderr that nobody reads, in milliseconds. */
const DIAGNOSIS_MS = 500;

/** Why a file may not be written that a thread of the program may write. */
const WHY_NOT_ALLOWED =
  "the hub has the permissions of the worker that started it, let main listen first";

/** Signals to which programs often listen for something else than their end. */
const OFTEN_NO_END: readonly Deno.Signal[] = ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM"];

/** What is there to be written. */
interface Dump {
  /** The line that says why and when. */
  readonly head: string;
  readonly threads: readonly RingRecords[];
}

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
  /** The records that the files have. */
  readonly dumped: DumpedRecords;
  readonly #paths: Set<string>;
  /** Files of which is known whether they may be written. */
  readonly #checked = new Set<string>();
  /** The listeners of each thread, by its id. */
  readonly #listeners = new Map<string, ListenerCounts>();
  /** Whether a thread of the program's own writes its records itself. */
  readonly isOnOwnThread: boolean;
  #writing: Promise<void> = Promise.resolve();

  /**
   * Writes what these hold; `isOnOwnThread` where no hub thread does it while the program ends. `dumped`
   * is what the hub before has told.
   */
  constructor(
    recordings: Recordings,
    isOnOwnThread: boolean,
    dumped: DumpedRecords = new DumpedRecords(),
  ) {
    this.dumped = dumped;
    this.#paths = new Set(dumped.all.map(({ path }) => path));
    this.#recordings = recordings;
    this.isOnOwnThread = isOnOwnThread;
  }

  /** Adds the file that a thread names. */
  add(id: string, { path, listeners }: DumpTo): void {
    this.#paths.add(path);
    if (!this.#checked.has(path)) {
      this.#checked.add(path);
      // The thread that names it may write it: so this is told now, and not as the program ends.
      if (!mayAccess("write", path)) queueDiagnostic(failureText(path, new Error(WHY_NOT_ALLOWED)));
    }
    const counts = new ListenerCounts(listeners);
    counts.want();
    this.#listeners.set(id, counts);
    exitSignals.watch(this);
  }

  /** Forgets a thread that has ended; its file stays one of the process's. */
  remove(id: string): void {
    this.#listeners.delete(id);
  }

  listeners(): Iterable<ListenerCounts> {
    return this.#listeners.values();
  }

  /** Writes all, since a program that hears the signal may hang; not for `OFTEN_NO_END`. */
  async flush(signal: Deno.Signal): Promise<void> {
    if (!OFTEN_NO_END.includes(signal)) await this.write(signal);
  }

  async leave(signal: Deno.Signal): Promise<void> {
    await this.write(signal);
  }

  /**
   * Writes what is new, of one thread or of all, up to the record of that number if one is given: the
   * thread may have logged more since it asked for it. What goes wrong is told on stderr. On a thread of
   * the program's own all is done when it returns, since the thread may be about to end. Without a
   * reason it only waits for what is being written.
   */
  async write(reason: string | undefined, id?: string, upTo?: number): Promise<void> {
    if (reason === undefined) return await this.#writing;
    const meant = this.#recordings.all.filter(({ thread }) => id === undefined || thread.id === id);
    const head = JSON.stringify({ dump: reason, at: new Date().toISOString(), pid: Deno.pid });
    const dump: Dump = { head, threads: meant.map((one) => upToThat(upTo, readRecorded(one))) };
    if (this.isOnOwnThread) return this.#writeNow(dump);
    const writing = this.#writing.then(() => this.#writeSoon(dump));
    this.#writing = writing;
    await writing;
  }

  async #writeSoon(dump: Dump): Promise<void> {
    for (const path of this.#paths) {
      const fresh = this.#freshFor(path, dump);
      try {
        if (fresh.length > 0) await appendLines(path, linesOf(dump, fresh));
        this.#noteWritten(path, fresh);
      } catch (error) {
        queueDiagnostic(failureText(path, error));
        // The program may end as soon as this returns.
        await Promise.race([untilDiagnosed(), pause(DIAGNOSIS_MS)]);
      }
    }
  }

  #writeNow(dump: Dump): void {
    for (const path of this.#paths) {
      const fresh = this.#freshFor(path, dump);
      try {
        if (fresh.length > 0) appendLinesSync(path, linesOf(dump, fresh));
        this.#noteWritten(path, fresh);
      } catch (error) {
        writeDiagnostic(failureText(path, error));
      }
    }
  }

  #freshFor(path: string, { threads }: Dump): RingRecords[] {
    return threads.map((one) => newerThan(this.dumped.lastOf(path, one.thread.id), one))
      .filter(({ records }) => records.length > 0);
  }

  #noteWritten(path: string, fresh: readonly RingRecords[]): void {
    if (fresh.length === 0) return;
    const numbers = fresh.map(({ thread, records }) =>
      [thread.id, records.at(-1)!.number] as const
    );
    this.dumped.note({ path, numbers });
    this.dumped.keepOnly(this.#recordings.all);
  }
}

function* linesOf({ head }: Dump, fresh: readonly RingRecords[]): Generator<string> {
  yield head;
  yield* dumpLines(fresh, WHOLE_DUMP);
}

function failureText(path: string, error: unknown): string {
  return `logdial: cannot write the dump to ${path}: ${reasonOf(error)}\n`;
}

/** The records up to `number`, all if there is none. */
function upToThat(number: number | undefined, records: RingRecords): RingRecords {
  if (number === undefined) return records;
  return { ...records, records: records.records.filter((one) => ((one.number - number) | 0) <= 0) };
}

/** The records after `number`; numbers wrap around: the smallest follows the largest. */
function newerThan(number: number | undefined, records: RingRecords): RingRecords {
  if (number === undefined) return records;
  return { ...records, records: records.records.filter((one) => ((one.number - number) | 0) > 0) };
}
