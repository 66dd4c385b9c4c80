import { answersOfEach } from "./answers_of_each.ts";
import { checkOptions, isText, type OptionRules } from "../core/errors/check_options.ts";
import { checkLevel, type Level } from "../core/levels/levels.ts";
import { giveUpAfter } from "../core/runtime/give_up_after.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { closeQuietly, connect, writeAll } from "./ports/connect.ts";
import { whyNoCommand } from "./first_version.ts";
import {
  type DumpFailure,
  type DumpLine,
  type DumpRecord,
  type DumpThread,
  parseDumpLine,
} from "./dump_line.ts";
import { readLines } from "./read_lines.ts";
import { commandText, encodeRequest } from "./request.ts";
import { scanDefaults } from "./ports/scan.ts";
import { isDuration } from "./send_options.ts";
import {
  aimOf,
  forEachTarget,
  nobodyWho,
  type Target,
  TARGET_RULES,
  type Targets,
  threadsAimedAt,
} from "./targets.ts";

/** Longest silence in a dump, and longest time until its first record, in timeouts. */
const STALL_TIMEOUTS = 3;
/** Most lines of a dump before its first record: one for each thread, ended ones included. */
const MOST_THREADS = 10_000;

/** Options of {@linkcode dump}. */
export interface DumpOptions extends Targets {
  /** Lowest level to see. @default all */
  level?: Level;
  /** The logger whose records to see, with those of the loggers below it. @default all */
  logger?: string;
  /** Longest time between a record and the last one of its thread, such as `30s`. @default any time */
  last?: string;
  /** Texts that a record has to have, by dotted path: `{ requestId: "a1" }`. @default any record */
  where?: Readonly<Record<string, string>>;
}

const OPTION_RULES: OptionRules<DumpOptions> = {
  ...TARGET_RULES,
  level: (value) => typeof value === "number" ? undefined : isText(value),
  logger: isText,
  last: isDuration,
  where: (value) =>
    typeof value === "object" && value !== null &&
      Object.values(value).every((text) => typeof text === "string")
      ? undefined
      : "an object of texts by field",
};

/**
 * Tells the records that threads have kept since `record`, oldest first; also of threads that hang,
 * and of the last ones that have ended. First comes a line for each thread, then the records.
 *
 * @throws {NoTargetError} No process fits the options, or nobody listens who could be asked.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { dump } from "@logdial/logging/client";
 *
 * for await (const one of dump({ name: "Logging Worker #1", last: "30s" })) {
 *   if ("message" in one) console.log(one.time, one.logger, one.message);
 * }
 * ```
 */
export async function* dump(options: DumpOptions = {}): AsyncGenerator<DumpLine> {
  checkOptions("dump", options, OPTION_RULES);
  const { level = 0, logger, last, where } = options;
  const request = { command: "dump", level: checkLevel(level), logger, last, where };
  // A thread that is meant by its name may have ended: other threads of its process know of it.
  const { name: _, ...others } = options;
  // Threads are not asked for their levels, which would mean to wait for those that hang.
  const { done: targets, skipped } = await forEachTarget(others, (target) => target);
  const able = targets.filter(({ status }) => status !== undefined);
  if (able.length === 0) throw nobodyWho("dump", targets.length, skipped, others);
  const dumps = processesOf(able, options).map((process) =>
    new ProcessDump(process, options, request)
  );
  yield* inOrder(dumps);
}

/** The threads to ask, by process; if a thread is meant by its port, it answers for itself only. */
function processesOf(targets: readonly Target[], options: DumpOptions): Target[][] {
  const processes = new Map<string, Target[]>();
  for (const target of targets) {
    const { instance, pid } = target.status!;
    const isAlone = aimOf(options, target)?.port !== undefined;
    const key = isAlone ? `port ${target.port}` : instance ?? `pid ${pid}`;
    processes.set(key, [...processes.get(key) ?? [], target]);
  }
  return [...processes.values()];
}

/**
 * Lines of several processes: first those about threads, then records by their time. All processes
 * are asked at once, so that one that answers slowly does not keep the others back.
 */
async function* inOrder(dumps: readonly ProcessDump[]): AsyncGenerator<DumpLine> {
  const open = new Map<ProcessDump, DumpRecord>();
  try {
    for (const { dump, told, first } of await Promise.all(dumps.map((one) => one.head()))) {
      yield* told;
      if (first !== undefined) open.set(dump, first);
    }
    while (open.size > 0) {
      const [one, record] = [...open].reduce((a, b) => b[1].time < a[1].time ? b : a);
      yield record;
      let line = await one.next();
      for (; line !== undefined && !("time" in line); line = await one.next()) yield line;
      if (line === undefined) open.delete(one);
      else open.set(one, line as DumpRecord);
    }
  } finally {
    for (const one of dumps) one.close();
  }
}

/** The dump of one process, which any of its threads may give. */
class ProcessDump {
  readonly #lines: AsyncGenerator<DumpLine>;
  readonly #targets: readonly Target[];
  readonly #options: DumpOptions;
  readonly #request: object;
  #conn: Deno.TcpConn | undefined;

  constructor(targets: readonly Target[], options: DumpOptions, request: object) {
    this.#targets = targets;
    this.#options = options;
    this.#request = request;
    this.#lines = this.#read();
  }

  get #stall(): number {
    return STALL_TIMEOUTS * scanDefaults(this.#options).timeout;
  }

  /** The lines about threads, and the first record, if there is one before long. */
  async head(): Promise<{ dump: ProcessDump; told: readonly DumpLine[]; first?: DumpRecord }> {
    const told: DumpLine[] = [];
    const stopWaiting = giveUpAfter(this.#stall, () => this.close());
    try {
      for (let line = await this.next(); line !== undefined; line = await this.next()) {
        if ("time" in line) return { dump: this, told, first: line as DumpRecord };
        told.push(line);
        if (told.length === MOST_THREADS) this.close();
      }
      return { dump: this, told };
    } finally {
      stopWaiting();
    }
  }

  /** The next line; undefined after the last. */
  async next(): Promise<DumpLine | undefined> {
    const { done, value } = await this.#lines.next();
    return done ? undefined : value;
  }

  /** Lets go of the process. */
  close(): void {
    closeQuietly(this.#conn);
    this.#conn = undefined;
  }

  /** Asks one thread after the other until one answers: a thread with `verify` that computes cannot. */
  async *#read(): AsyncGenerator<DumpLine> {
    let failure = "", hasBegun = false;
    const told: string[] = [];
    for (const target of this.#targets) {
      try {
        for await (const line of this.#ask(target)) {
          hasBegun = true;
          if (!("message" in line)) told.push((line as DumpThread).thread);
          yield line;
        }
        return yield* this.#untold(told);
      } catch (error) {
        failure ||= reasonOf(error);
        if (hasBegun) break;
      } finally {
        this.close();
      }
    }
    yield { port: this.#targets[0]!.port, failure };
  }

  /** Tells of threads that keep records and are not among those `told`, since they let others in. */
  async *#untold(told: readonly string[]): AsyncGenerator<DumpFailure> {
    const options = this.#options;
    for (const target of this.#targets) {
      const untold = threadsAimedAt(target, options)
        .filter(({ name, recorder }) => recorder !== undefined && !told.includes(name));
      if (untold.length === 0) continue;
      const answers = await answersOfEach(target, options), { port } = target;
      for (const { name } of untold) {
        const message = answers.find((one) => one.name === name)?.error?.message;
        if (message !== undefined) yield { port, failure: `${name}: ${message}` };
      }
    }
  }

  async *#ask(target: Target): AsyncGenerator<DumpRecord | DumpThread> {
    const { hostname, timeout } = scanDefaults(this.#options);
    const message = whyNoCommand(target.status!, "dump");
    if (message !== undefined) throw new Error(message);
    const conn = this.#conn = await connect(hostname, target.port);
    // A listener that says nothing, or nothing more, is given up; reading others does not count.
    let stopWaiting = giveUpAfter(timeout, () => this.close()), hasBegun = false;
    try {
      const text = commandText(this.#request, target, this.#options);
      await writeAll(conn, await encodeRequest(text, target, this.#options));
      for await (const lines of readLines(conn)) {
        if (lines.length === 0) continue;
        stopWaiting();
        hasBegun = true;
        for (const line of lines) {
          const one = parseDumpLine(line);
          if (one === undefined) return;
          yield one;
        }
        stopWaiting = giveUpAfter(this.#stall, () => this.close());
      }
    } catch (error) {
      if (this.#conn !== undefined) throw error;
      throw new Error(hasBegun ? "it has stopped in the middle of it" : "it does not answer");
    } finally {
      stopWaiting();
    }
    throw new Error("it has ended in the middle of it");
  }
}
