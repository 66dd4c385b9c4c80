import type { ThreadRecords } from "../wire/written.ts";
import type { ThreadReport } from "./agent_report.ts";
import type { StoredChange } from "./fleet_change.ts";
import { type HostThread, processOf, type ThreadHost } from "./host_threads.ts";

/** A rollout that does harm, and what was seen of it. */
export interface Breach {
  readonly id: string;
  readonly reason: string;
}

/** What is told of a thread, with the process of that; see `processOf`. */
export interface OwnReport {
  readonly process: string;
  readonly report: ThreadReport;
}

/** What was counted last. */
interface Count {
  readonly at: number;
  readonly value: number;
  /** When the threads have told it, by the clock of their host; `at` is when it was looked at. */
  readonly toldAt?: number;
}

/** Shortest time over which a rate is taken, in milliseconds. */
const LEAST_MS = 500;

/** Watches for what stops rollouts: refusals, too many lines, and too many errors. */
export class RolloutWatch {
  readonly #host: ThreadHost;
  /** Lines left or, negated, lines written, by change and process: the value falls with each line. */
  readonly #lines = new Map<string, Count>();
  #errors: ReturnType<ThreadHost["countErrors"]> | undefined;
  #errorsBefore: Count = { at: 0, value: 0 };

  /** Counts errors of the host's threads. */
  constructor(host: ThreadHost) {
    this.#host = host;
  }

  /** The running rollouts that have to stop. */
  breaches(
    running: readonly StoredChange[],
    reported: readonly OwnReport[],
    threads: readonly HostThread[],
    now: number,
  ): Breach[] {
    const reports = reported.map(({ report }) => report);
    const here = running.filter(({ id }) =>
      reports.some(({ changes }) => changes.some((one) => one.id === id && one.state !== "waiting"))
    );
    const errors = this.#errorsPerSecond(here, now);
    return here.flatMap((change): Breach[] => {
      const { id } = change, { maxErrors = Infinity } = change.rollout!;
      const reason = refusalOf(id, reports) ?? this.#linesReason(change, reported, threads, now) ??
        (errors > maxErrors ? `${Math.round(errors)} errors/s, more than ${maxErrors}` : undefined);
      return reason === undefined ? [] : [{ id, reason }];
    });
  }

  /** Ends all counting. */
  end(): void {
    this.#errors?.end();
    this.#errors = undefined;
  }

  #errorsPerSecond(here: readonly StoredChange[], now: number): number {
    if (!here.some(({ rollout }) => rollout?.maxErrors !== undefined)) {
      this.end();
      return 0;
    }
    if (this.#errors === undefined) {
      this.#errors = this.#host.countErrors();
      this.#errorsBefore = { at: now, value: 0 };
    }
    const { at, value } = this.#errorsBefore, elapsed = now - at;
    if (elapsed < LEAST_MS) return 0;
    const errors = this.#errors.count();
    this.#errorsBefore = { at: now, value: errors };
    return (errors - value) * 1000 / elapsed;
  }

  /**
   * Why too many lines stop a rollout; undefined if they do not. If the change ends by its lines, each
   * process tells how many it has logged thanks to it; else all lines of the process count.
   */
  #linesReason(
    { id, rollout }: StoredChange,
    reported: readonly OwnReport[],
    threads: readonly HostThread[],
    now: number,
  ): string | undefined {
    const { maxLines } = rollout!;
    if (maxLines === undefined) return undefined;
    for (const { process, report: { thread, changes } } of reported) {
      const known = changes.find((one) => one.id === id);
      const written = known?.state === "applied" ? writtenBy(process, threads) : undefined;
      const left = known?.linesLeft ?? (written && -written);
      if (left === undefined) continue;
      const key = `${id} ${process}`, before = this.#lines.get(key);
      const count = { at: now, value: left, toldAt: toldAt(process, threads) };
      const elapsed = before === undefined ? 0 : elapsedBetween(before, count);
      if (before !== undefined && elapsed < LEAST_MS) continue;
      this.#lines.set(key, count);
      const rate = before === undefined ? 0 : (before.value - left) * 1000 / elapsed;
      if (rate > maxLines) {
        return `${Math.round(rate)} lines/s, more than ${maxLines}, of the program of ${thread}`;
      }
    }
    return undefined;
  }
}

/**
 * The time between two counts, in milliseconds. An agent looks at a count later than it was told, the
 * later the longer threads let it wait, and the clock of the host may be set: the longer of both counts,
 * so that no rollout is stopped for lines of more time than was taken.
 */
function elapsedBetween(before: Count, now: Count): number {
  const seen = now.at - before.at;
  if (before.toldAt === undefined || now.toldAt === undefined) return seen;
  return Math.max(seen, now.toldAt - before.toldAt);
}

/** When the threads of a process have told their counts, on average; undefined if none of them counts. */
function toldAt(process: string, threads: readonly HostThread[]): number | undefined {
  const times = countsOf(process, threads).map(({ at }) => Date.parse(at));
  return times.length === 0 ? undefined : times.reduce((sum, time) => sum + time, 0) / times.length;
}

/** What the threads of a process have written; undefined if none of them counts. */
function writtenBy(process: string, threads: readonly HostThread[]): number | undefined {
  const totals = countsOf(process, threads).flatMap(({ total }) => Object.values(total));
  return totals.length === 0 ? undefined : totals.reduce((sum, count) => sum + count, 0);
}

/** What the threads of a process tell of the lines that they have written. */
function countsOf(process: string, threads: readonly HostThread[]): ThreadRecords[] {
  return threads.filter((one) => processOf(one) === process)
    .flatMap(({ status }) => status?.written ?? []);
}

function refusalOf(id: string, reports: readonly ThreadReport[]): string | undefined {
  for (const { thread, port, changes } of reports) {
    const one = changes.find((change) => change.id === id && change.state === "rejected");
    if (one === undefined) continue;
    return `${thread || `port ${port}`} rejects it: ${one.detail ?? "without a reason"}`;
  }
  return undefined;
}
