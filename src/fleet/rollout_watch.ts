import type { ThreadReport } from "./agent_report.ts";
import type { StoredChange } from "./fleet_change.ts";
import type { HostThread, ThreadHost } from "./host_threads.ts";

/** A rollout that does harm, and what was seen of it. */
export interface Breach {
  readonly id: string;
  readonly reason: string;
}

/** What was counted last. */
interface Count {
  readonly at: number;
  readonly value: number;
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
    reports: readonly ThreadReport[],
    threads: readonly HostThread[],
    now: number,
  ): Breach[] {
    const here = running.filter(({ id }) =>
      reports.some(({ changes }) => changes.some((one) => one.id === id && one.state !== "waiting"))
    );
    const errors = this.#errorsPerSecond(here, now);
    return here.flatMap((change): Breach[] => {
      const { id } = change, { maxErrors = Infinity } = change.rollout!;
      const reason = refusalOf(id, reports) ?? this.#linesReason(change, reports, threads, now) ??
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
    reports: readonly ThreadReport[],
    threads: readonly HostThread[],
    now: number,
  ): string | undefined {
    const { maxLines } = rollout!;
    if (maxLines === undefined) return undefined;
    for (const { pid, thread, changes } of reports) {
      const known = changes.find((one) => one.id === id);
      const written = known?.state === "applied" ? writtenBy(pid, threads) : undefined;
      const left = known?.linesLeft ?? (written && -written);
      if (left === undefined) continue;
      const key = `${id} ${pid}`, before = this.#lines.get(key);
      const elapsed = now - (before?.at ?? now);
      if (before !== undefined && elapsed < LEAST_MS) continue;
      this.#lines.set(key, { at: now, value: left });
      const rate = before === undefined ? 0 : (before.value - left) * 1000 / elapsed;
      if (rate > maxLines) {
        return `${Math.round(rate)} lines/s, more than ${maxLines}, of the program of ${thread}`;
      }
    }
    return undefined;
  }
}

/** What the threads of a process have written; undefined if none of them counts. */
function writtenBy(pid: number, threads: readonly HostThread[]): number | undefined {
  const totals = threads.flatMap(({ status }) =>
    status?.pid === pid && status.written !== undefined ? Object.values(status.written.total) : []
  );
  return totals.length === 0 ? undefined : totals.reduce((sum, count) => sum + count, 0);
}

function refusalOf(id: string, reports: readonly ThreadReport[]): string | undefined {
  for (const { thread, port, changes } of reports) {
    const one = changes.find((change) => change.id === id && change.state === "rejected");
    if (one === undefined) continue;
    return `${thread || `port ${port}`} rejects it: ${one.detail ?? "without a reason"}`;
  }
  return undefined;
}
